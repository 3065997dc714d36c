import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../act/index.js";
import type { TagRef } from "../model/index.js";
import type { TagAct } from "./acts.js";
import { HeldChanges } from "./held-changes.js";

const ref: TagRef = { vmName: "vm", tag: "latest" };
const deletion: TagAct = { kind: "delete-tag", ...ref, digest: "sha256:a", provided: [] };
const retag: TagAct = { kind: "retag", vmName: "vm", to: "latest", digest: "sha256:a", provided: [] };
const refused: Outcome = { kind: "failed", error: new Error("405"), isRefused: true };
const failed: Outcome = { kind: "failed", error: new Error("503") };

let held: HeldChanges;
beforeEach(() => {
  vi.useFakeTimers();
  held = new HeldChanges();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a change that is done", () => {
  it.each([
    ["a deletion", deletion],
    ["a retag", retag],
  ])(
    "waits before it is made once more, because the registry may show it later, and is no failure: %s",
    (_, act) => {
      held.ended(act, { kind: "done" });
      expect(held.restMs(act)).toBe(5_000);
      expect(held.restMs({ ...act, digest: "sha256:b" })).toBe(0);
      expect([held.failuresOf([act]), held.of(ref)]).toEqual([[], {}]);
      vi.advanceTimersByTime(5_000);
      expect(held.restMs(act)).toBe(0);
    },
  );
});

describe("a change that failed", () => {
  it.each([
    ["a deletion that was refused", deletion, refused, []],
    ["a deletion that failed for a while", deletion, failed, ["503"]],
    ["a retag that was refused", retag, refused, ["405"]],
    ["a retag that failed for a while", retag, failed, ["503"]],
  ])("waits, and is spoken of by the plan or by its failure: %s", (_, act, outcome, messages) => {
    expect(held.restMs(act)).toBe(0);
    held.ended(act, outcome);
    vi.advanceTimersByTime(10_000);
    expect(held.restMs(act)).toBe(20_000);
    expect(held.failuresOf([act]).map(({ message }) => message)).toEqual(messages);
    vi.advanceTimersByTime(20_000);
    expect(held.restMs(act)).toBe(0);
    expect(held.failuresOf([act])).toEqual([]);
  });

  it("is in the way of no other change of the same tag", () => {
    held.ended(deletion, refused);
    expect(held.restMs({ ...deletion, digest: "sha256:b" })).toBe(0);
    expect(held.restMs(retag)).toBe(0);
    expect(held.restMs({ ...deletion, tag: "hibernate" })).toBe(0);
  });

  it.each([
    ["refusal", refused, { refusal: "405" }],
    ["failure", failed, { failure: "503" }],
  ])("is known as a %s of a tag that is there, until it is done", (_, outcome, known) => {
    held.ended(deletion, outcome);
    expect(held.of(ref)).toEqual(known);
    vi.advanceTimersByTime(31_000);
    expect(held.of(ref)).toEqual(known);
    held.ended(deletion, { kind: "done" });
    expect(held.of(ref)).toEqual({});
  });

  it("is forgotten where its tag is gone, but for the one that makes it", () => {
    held.ended(deletion, failed);
    held.absent(ref);
    expect(held.restMs(deletion)).toBe(0);
    held.ended(retag, failed);
    held.absent(ref);
    expect(held.restMs(retag)).toBe(30_000);
    expect(held.of(ref)).toEqual({});
  });

  it("is forgotten where nobody has tried it again for a minute", () => {
    held.ended(deletion, refused);
    vi.advanceTimersByTime(60_001);
    held.ended({ ...deletion, vmName: "other" }, failed);
    expect(held.of(ref)).toEqual({});
  });
});
