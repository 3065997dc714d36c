import { describe, expect, it } from "vitest";
import { ownerAnnotations } from "../model/index.js";
import { readRecords, recordChanges, recordOf, type SnapshotRecord } from "./records.js";

const annotated = (text: string): Record<string, string> => ({ [ownerAnnotations.snapshots]: text });
const saved: SnapshotRecord = { state: "saved", since: "2026-03-01T12:00:00.000Z", digest: "sha256:a" };

describe("readRecords", () => {
  it("reads what recordChanges writes", () => {
    const saving = recordOf("saving", 0, { latest: "x" });
    const changes = recordChanges(new Map([["vk-b", saved]]), new Map([["vk-a", saving]]));
    const text = changes[ownerAnnotations.snapshots] ?? "";
    expect(text).toBe(
      '{"vk-a":{"state":"saving","since":"1970-01-01T00:00:00.000Z","latest":"x"},"vk-b":{"state":"saved","since":"2026-03-01T12:00:00.000Z","digest":"sha256:a"}}',
    );
    expect(readRecords(annotated(text))).toEqual(
      new Map([
        ["vk-a", { state: "saving", since: "1970-01-01T00:00:00.000Z", latest: "x" }],
        ["vk-b", saved],
      ]),
    );
  });

  it("has none where there is no annotation", () => {
    expect(readRecords({})?.size).toBe(0);
  });

  it.each([
    "{",
    "null",
    "[]",
    '"saved"',
    '{"vk-a":null}',
    '{"vk-a":{"state":"lost","since":""}}',
    '{"vk-a":{"state":"saved"}}',
    '{"vk-a":{"state":"saved","since":"","digest":1}}',
    '{"vk-a":{"state":"saved","since":"","latest":1}}',
  ])("does not take %s for no records", (text) => {
    expect(readRecords(annotated(text))).toBeUndefined();
  });
});

describe("recordChanges", () => {
  it("removes the annotation with the last record", () => {
    expect(recordChanges(new Map([["vk-a", saved]]), new Map([["vk-a", null]]))).toEqual({
      [ownerAnnotations.snapshots]: null,
    });
  });
});
