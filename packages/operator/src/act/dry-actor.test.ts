import type { Logger } from "@cocoonstack/common/log";
import { beforeEach, describe, expect, it } from "vitest";
import type { PodManifest } from "../model/index.js";
import type { Act } from "./actor.js";
import type { OwnerStatus } from "./cluster-writer.js";
import { DryActor } from "./dry-actor.js";
import { OwnerVersion } from "./owner-version.js";
import type { Subject } from "./subject.js";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "shop", name: "demo-0" },
  spec: { containers: [{ name: "agent", env: [{ name: "TOKEN", value: "secret" }] }] },
} as unknown as PodManifest;
const version = { name: "demo-0", uid: "p1", resourceVersion: "1" };
const owner = { uid: "s1", resourceVersion: "1" };
const sleep: Act = { kind: "patch-pod", ...version, annotations: { hibernate: "true" } };
const status = (reason: string): OwnerStatus => ({
  phase: "Running",
  conditions: [{ type: "Ready", status: "True", reason, message: "" }],
});

let lines: object[];
let actor: DryActor;
beforeEach(() => {
  lines = [];
  actor = new DryActor({ info: (fields: object) => lines.push(fields) } as unknown as Logger);
});

const subject = (uid = "s1", stored?: object): Subject => ({
  ref: { kind: "CocoonSet", namespace: "shop", name: "demo", uid, resourceVersion: "1" },
  version: new OwnerVersion("1"),
  finalizers: [],
  status: stored,
});

/** Plays a round in which these are planned, and gives what it says. */
async function round(
  acts: readonly Act[],
  planned?: OwnerStatus,
  of = subject(),
): Promise<readonly object[]> {
  lines.length = 0;
  actor.begins("set/shop/demo", [of]);
  for (const act of acts) expect(await actor.act(of, act)).toEqual({ kind: "left out" });
  if (planned !== undefined) expect(await actor.writeStatus(of, planned)).toEqual({ kind: "left out" });
  return [...lines];
}

describe("a dry run", () => {
  it.each<[Act, object]>([
    [
      { kind: "create-pod", pod, provided: [] },
      { action: "create-pod", pod: "demo-0" },
    ],
    [
      { kind: "delete-pod", ...version, provided: [] },
      { action: "delete-pod", pod: "demo-0" },
    ],
    [sleep, { action: "patch-pod", pod: "demo-0", annotations: { hibernate: "true" } }],
    [
      { kind: "patch-owner", ...owner, annotations: { snapshots: "{}" } },
      { action: "patch-owner", annotations: ["snapshots"] },
    ],
    [
      { kind: "add-finalizer", ...owner, finalizer: "ours" },
      { action: "add-finalizer", finalizer: "ours" },
    ],
    [
      { kind: "remove-finalizer", ...owner, finalizer: "ours" },
      { action: "remove-finalizer", finalizer: "ours" },
    ],
    [
      { kind: "retag", vmName: "vm", digest: "sha256:a", to: "latest", provided: [] },
      { action: "retag", vm: "vm", tag: "latest", digest: "sha256:a" },
    ],
    [
      { kind: "delete-tag", vmName: "vm", tag: "hibernate", digest: "sha256:a", provided: [] },
      { action: "delete-tag", vm: "vm", tag: "hibernate", digest: "sha256:a" },
    ],
  ])("says that it would do this, without bodies, and once: $kind", async (act, told) => {
    expect(await round([act])).toEqual([{ kind: "CocoonSet", namespace: "shop", name: "demo", ...told }]);
    expect(await round([act])).toEqual([]);
  });

  it("says again what it did not want to do meanwhile", async () => {
    const wake: Act = { ...sleep, annotations: { hibernate: null } };
    expect(await round([sleep])).toHaveLength(1);
    expect(await round([wake])).toMatchObject([{ annotations: { hibernate: null } }]);
    expect(await round([sleep])).toMatchObject([{ annotations: { hibernate: "true" } }]);
    expect(await round([])).toEqual([]);
    expect(await round([sleep])).toHaveLength(1);
  });

  it("says it of each pod, and of each object", async () => {
    expect(await round([sleep, { ...sleep, name: "demo-1" }])).toHaveLength(2);
    expect(await round([sleep, { ...sleep, name: "demo-1" }])).toEqual([]);
    expect(await round([sleep], undefined, subject("another of this name"))).toHaveLength(1);
  });

  it("forgets what is gone", async () => {
    await round([sleep]);
    actor.begins("set/shop/demo", []);
    expect(await round([sleep])).toHaveLength(1);
  });

  it("says which status it would write, where that differs from the one that is stored", async () => {
    const same = { type: "Ready", status: "True", reason: "AllAgentsReady", message: "" };
    const stored = {
      phase: "Running",
      conditions: [
        { ...same, lastTransitionTime: "2026-01-01T00:00:00Z" },
        { type: "Others", status: "True" },
      ],
    };
    expect(await round([], status("AllAgentsReady"), subject("s1", stored))).toEqual([]);
    const told = { action: "write-status", phase: "Running", conditions: ["Ready=True Hibernated"] };
    expect(await round([], status("Hibernated"), subject("s1", stored))).toMatchObject([told]);
    expect(await round([], status("Hibernated"), subject("s1", stored))).toEqual([]);
    expect(await round([], status("AllAgentsReady"))).toHaveLength(1);
  });
});
