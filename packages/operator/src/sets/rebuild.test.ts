import { describe, expect, it } from "vitest";
import {
  ago,
  agentPod,
  nowMs,
  type PodOptions,
  setView,
  toolboxPod,
} from "../../../../test/support/operator/objects.js";
import { planned, recorded } from "../../../../test/support/operator/planned.js";
import { agentMember, type PodFailure } from "../pods/index.js";
import { healStep, type Rebuild, rebuildStep } from "./rebuild.js";
import type { RebuildEntry } from "./rebuild-history.js";

const set = setView({ agent: { replicas: 1 } });
const failure: PodFailure = { reason: "PodLifecycleFailed", message: "no space" };
const entry = (count: number, beforeMs: number, uid = "uid-before"): RebuildEntry => ({
  count,
  lastDeleted: ago(beforeMs),
  uid,
});
const rebuild = (before: RebuildEntry | undefined, options: PodOptions = {}): Rebuild =>
  rebuildStep(nowMs, agentMember(set, 1), agentPod(set, 1, { state: "failed", ...options }), failure, before);

describe("rebuildStep", () => {
  it.each<[string, RebuildEntry | undefined, Rebuild]>([
    ["enters the first at once", undefined, { entry: entry(1, 0, "uid-demo-1") }],
    [
      "rebuilds what is entered",
      entry(1, 0, "uid-demo-1"),
      {
        isDue: true,
        event: { type: "Normal", reason: "SubAgentRebuilding", message: "slot 1 attempt 1/4: no space" },
      },
    ],
    ["enters the second after 1 s", entry(1, 1_000), { entry: entry(2, 0, "uid-demo-1") }],
    ["the third after 5 s", entry(2, 5_000), { entry: entry(3, 0, "uid-demo-1") }],
    ["the fourth after 30 s", entry(3, 30_000), { entry: entry(4, 0, "uid-demo-1") }],
  ])("%s", (_, before, expected) => {
    expect(rebuild(before)).toEqual(expected);
  });

  it.each([
    [1, 1_000],
    [2, 5_000],
    [3, 30_000],
  ])("waits after %i for %i ms", (count, delayMs) => {
    const found = rebuild(entry(count, delayMs - 400));
    expect(found).toMatchObject({ requeueAfterMs: 400, trouble: { reason: "RebuildBackOff" } });
    expect(found.entry).toBeUndefined();
  });

  it("gives up after four, says so once, and then leaves the pod alone", () => {
    const trouble = {
      condition: "Degraded",
      reason: "DeadLetter",
      message:
        "pod demo-1 (sub-agent 1) failed again after 4 rebuilds and is left as it is: no space; mend the spec, which gives it all its rebuilds again, or delete the pod, for one more try",
    };
    expect(rebuild(entry(4, 9e6))).toEqual({
      deadLetter: true,
      event: {
        type: "Warning",
        reason: "SubAgentDeadLetter",
        message: "slot 1 is left alone after 4 rebuilds: no space",
      },
      trouble,
    });
    const marked = { annotations: { "cocoonset.cocoonstack.io/dead-letter": "true" } };
    expect(rebuild(entry(4, 9e6), marked)).toEqual({ trouble });
  });
});

describe("healStep", () => {
  const ready = (sinceMs: number, annotations = {}): ReturnType<typeof agentPod> =>
    agentPod(set, 1, {
      annotations,
      status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: ago(sinceMs) }] },
    });
  const hourMs = 3_600_000;
  it.each<[string, number, number, Rebuild]>([
    ["forgets after an hour of health", hourMs, 2 * hourMs, { entry: null }],
    ["waits for the hour", hourMs - 1_000, 2 * hourMs, { requeueAfterMs: 1_000 }],
    ["counts from the last rebuild", 2 * hourMs, hourMs - 1_000, { requeueAfterMs: 1_000 }],
  ])("%s", (_, readySince, deletedSince, expected) => {
    expect(healStep(nowMs, ready(readySince), entry(3, deletedSince))).toEqual(expected);
  });

  it("takes the mark off a dead letter that came up after all", () => {
    const pod = ready(hourMs, { "cocoonset.cocoonstack.io/dead-letter": "true" });
    expect(healStep(nowMs, pod, undefined)).toEqual({ deadLetter: false });
  });

  it("has nothing to do about a pod that never failed", () => {
    expect(healStep(nowMs, ready(2 * hourMs), undefined)).toEqual({});
  });
});

describe("planCocoonSet, of what fails", () => {
  const db = { name: "db", image: "postgres:17" };
  const round = { agent: { replicas: 1 }, spec: { toolboxes: [db] } };
  const main = agentPod(set, 0);
  const pods = [main, agentPod(set, 1, { state: "failed" }), toolboxPod(set, db, { state: "failed" })];
  const key = "cocoonset.cocoonstack.io/rebuild-history";

  it("enters the rebuilds of sub-agents and toolboxes before it deletes anything", () => {
    const { actions } = planned({ ...round, pods });
    expect(actions).toMatchObject([
      {
        kind: "patch-owner",
        annotations: {
          [key]: JSON.stringify({ 1: entry(1, 0, "uid-demo-1"), db: entry(1, 0, "uid-demo-db") }),
        },
      },
    ]);
  });

  it("deletes what is entered, with an event each", () => {
    const annotations = {
      [key]: JSON.stringify({ 1: entry(1, 0, "uid-demo-1"), db: entry(1, 0, "uid-demo-db") }),
    };
    const found = planned({ ...round, pods, annotations });
    expect(found.acts).toEqual(["delete demo-1", "delete demo-db"]);
    expect(found.events).toEqual(["Normal SubAgentRebuilding", "Normal ToolboxRebuilding"]);
  });

  it("never rebuilds the main agent", () => {
    expect(planned({ pods: [agentPod(set, 0, { state: "failed" })] }).acts).toEqual([]);
  });

  it("never rebuilds a VM that was to sleep, and failed to", () => {
    const failed = agentPod(set, 1, {
      state: "failed",
      annotations: { "vm.cocoonstack.io/hibernate": "true" },
    });
    const annotations = recorded({ "vk-shop-demo-1": { state: "saving", since: ago(1_000) } });
    const found = planned({ agent: { replicas: 1 }, spec: { suspend: true }, pods: [failed], annotations });
    expect(found.acts).toEqual(["create demo-0"]);
  });

  it("never rebuilds one that may live on, and is in no snapshot", () => {
    const failed = agentPod(set, 1, { state: "failed" });
    const annotations = recorded({ "vk-shop-demo-1": { state: "waking", since: ago(9e6) } });
    const tags = { "vk-shop-demo-1:hibernate": { state: "absent" } as const };
    const pods = [agentPod(set, 0), failed];
    const found = planned({ agent: { replicas: 1 }, pods, annotations, tags });
    expect(found.acts).toEqual([]);
    expect(found.conditions["Degraded"]).toMatchObject({ reason: "TransitionOverdue" });
  });

  it("rebuilds one that woke and failed, whatever is left over of its sleep", () => {
    const failed = agentPod(set, 1, { state: "failed" });
    const left = { "vk-shop-demo-1": { state: "collecting", since: ago(9e6), digest: "sha256:a" } };
    const annotations = { ...recorded(left), [key]: JSON.stringify({ 1: entry(1, 0, "uid-demo-1") }) };
    const refused = { state: "present", digest: "sha256:a", refusal: "405" } as const;
    const found = planned({
      ...{ agent: { replicas: 1 }, pods: [agentPod(set, 0), failed] },
      ...{ annotations, tags: { "vk-shop-demo-1:hibernate": refused } },
    });
    expect(found.acts).toEqual(["delete demo-1"]);
  });

  it("does not rebuild while it is suspended, and says what is in no snapshot", () => {
    const found = planned({ ...round, spec: { ...round.spec, suspend: true }, pods: pods.slice(1) });
    expect(found.acts).toEqual(["create demo-0"]);
    expect(found.conditions["Degraded"]).toMatchObject({
      status: "True",
      reason: "PodLifecycleFailed",
      message:
        "pod demo-1 (sub-agent 1) failed before its VM was saved, and is rebuilt when its set wakes: no space left on device; pod demo-db (toolbox db) failed before its VM was saved, and is rebuilt when its set wakes: no space left on device",
    });
  });

  it("gives the pod that comes after a dead letter one try, and not four", () => {
    const failed = agentPod(set, 1, { state: "failed", metadata: { uid: "uid-after" } });
    const annotations = { [key]: JSON.stringify({ 1: entry(4, 9e6) }) };
    expect(planned({ agent: { replicas: 1 }, pods: [main], annotations }).acts).toEqual(["create demo-1"]);
    const found = planned({ agent: { replicas: 1 }, pods: [main, failed], annotations });
    expect(found.acts).toEqual(["patch demo-1"]);
    expect(found.events).toEqual(["Warning SubAgentDeadLetter"]);
  });

  it("says of a dead letter that it is one, also while the node tries once more", () => {
    const again = agentPod(set, 1, {
      state: "booting",
      annotations: { "cocoonset.cocoonstack.io/dead-letter": "true" },
    });
    const annotations = { [key]: JSON.stringify({ 1: entry(4, 1_000) }) };
    const { acts, conditions } = planned({ agent: { replicas: 1 }, pods: [main, again], annotations });
    expect(acts).toEqual([]);
    expect(conditions["Degraded"]).toMatchObject({
      status: "True",
      reason: "DeadLetter",
      message:
        "pod demo-1 (sub-agent 1) failed again after 4 rebuilds and is left as it is; mend the spec, which gives it all its rebuilds again, or delete the pod, for one more try",
    });
  });

  it("lifts a dead letter when the spec is mended", () => {
    const dead = agentPod(set, 1, {
      state: "failed",
      annotations: { "cocoonset.cocoonstack.io/dead-letter": "true" },
    });
    const mended = { replicas: 1, image: "ubuntu:26.04" };
    const fresh = agentPod(setView({ agent: mended }), 0);
    const annotations = { [key]: JSON.stringify({ 1: entry(4, 9e6) }) };
    expect(planned({ agent: mended, pods: [fresh, dead], annotations }).acts).toEqual([
      "delete demo-1",
      "patch owner",
    ]);
  });
});
