import { beforeEach, describe, expect, it } from "vitest";
import type { TagRef } from "../model/index.js";
import { HeldChanges } from "./held-changes.js";
import { TagProbes } from "./tag-probes.js";

const ref: TagRef = { vmName: "vm", tag: "hibernate" };
const refs = (count: number): readonly TagRef[] =>
  Array.from({ length: count }, (_, index) => ({ ...ref, vmName: `vm-${index}` }));

let held: HeldChanges;
let resolve: (vmName: string) => Promise<string | undefined>;
let probes: TagProbes;
beforeEach(() => {
  held = new HeldChanges();
  const registry = { resolve: (vmName: string) => resolve(vmName) };
  probes = new TagProbes({ registry, held, signal: new AbortController().signal });
});

describe("tags are asked for", () => {
  it("each once, and known by their names", async () => {
    resolve = (vmName) => Promise.resolve(vmName === "vm-0" ? "sha256:a" : undefined);
    expect([...(await probes.ask(refs(2)))]).toEqual([
      ["vm-0:hibernate", { state: "present", digest: "sha256:a" }],
      ["vm-1:hibernate", { state: "absent" }],
    ]);
  });

  it("a few at a time, so that the time of a question does not run while it waits for its turn", async () => {
    let [underWay, most] = [0, 0];
    resolve = async () => {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
      return undefined;
    };
    expect((await probes.ask(refs(100))).size).toBe(100);
    expect(most).toBe(4);
    await Promise.all(Array.from({ length: 4 }, () => probes.ask(refs(100))));
    expect(most).toBe(12);
  });

  it("and are not known where the registry fails", async () => {
    resolve = (vmName) =>
      vmName === "vm-0" ? Promise.reject(new Error("connection refused")) : Promise.resolve("sha256:a");
    expect([...(await probes.ask(refs(2))).values()]).toEqual([
      { state: "unknown", message: "connection refused" },
      { state: "present", digest: "sha256:a" },
    ]);
  });

  it("with what is known of their deletion, which is forgotten once they are gone", async () => {
    const deletion = { kind: "delete-tag", ...ref, digest: "sha256:a", provided: [] } as const;
    held.ended(deletion, { kind: "failed", error: new Error("405"), isRefused: true });
    resolve = () => Promise.resolve("sha256:a");
    expect((await probes.ask([ref])).get("vm:hibernate")).toEqual({
      state: "present",
      digest: "sha256:a",
      refusal: "405",
    });
    resolve = () => Promise.resolve(undefined);
    await probes.ask([ref]);
    expect(held.of(ref)).toEqual({});
  });
});
