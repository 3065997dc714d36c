import { describe, expect, it } from "vitest";
import { ago, agentPod, nowMs, type PodOptions, setView } from "../../../../test/support/operator/objects.js";
import type { TagFact } from "../model/index.js";
import type { Desire } from "./decider.js";
import type { SnapshotRecord, SnapshotState } from "./records.js";
import { sleepStep } from "./sleep-step.js";
import type { Step } from "./step.js";

const set = setView();
const vmName = "vk-shop-demo-0";
const owner = { kind: "owner-unchanged", resourceVersion: "7" } as const;
const asked = { annotations: { "vm.cocoonstack.io/hibernate": "true" } };
const notAsked = { annotations: { "vm.cocoonstack.io/hibernate": undefined } };
const present: TagFact = { state: "present", digest: "sha256:a" };
const other: TagFact = { state: "present", digest: "sha256:b" };
const absent: TagFact = { state: "absent" };
const unknown: TagFact = { state: "unknown", message: "time-out" };

const since = (beforeMs: number): Pick<SnapshotRecord, "since"> => ({ since: ago(beforeMs) });

const step = (
  state: SnapshotState | undefined,
  desire: Desire,
  options: PodOptions,
  fact?: TagFact,
  record: Partial<SnapshotRecord> = {},
  latest?: TagFact,
): Step =>
  sleepStep({
    nowMs,
    vmName,
    pod: agentPod(set, 0, options),
    record: state === undefined ? undefined : { state, ...since(1_000), ...record },
    desire,
    tags: new Map(
      Object.entries({ hibernate: fact, latest }).flatMap(([tag, found]) =>
        found === undefined ? [] : [[`${vmName}:${tag}`, found] as const],
      ),
    ),
    owner,
  });

const becomes = (state: SnapshotState, digest?: string, latest?: string): Step => ({
  record: {
    ...{ state, since: ago(0) },
    ...(digest !== undefined && { digest }),
    ...(latest !== undefined && { latest }),
  },
});
const hibernates: Step = {
  pod: { "vm.cocoonstack.io/hibernate": "true", "vm.cocoonstack.io/restore-from-hibernate": null },
};
const wakes: Step = { pod: { "vm.cocoonstack.io/hibernate": null } };
const asks: Step = { asks: [{ vmName, tag: "hibernate" }] };
const asksLatest: Step = { asks: [{ vmName, tag: "latest" }] };
/** A digest as registries have them, and what is noted of it. */
const long: TagFact = { state: "present", digest: `sha256:0123456789abcdef${"0".repeat(48)}` };
const short = "0123456789ab";
const done: Step = { isDone: true };
const waits = (requeueAfterMs: number): Step => ({ requeueAfterMs });

describe("sleepStep, of a VM without a record", () => {
  it.each<[string, Desire, PodOptions, Step]>([
    ["leaves a running VM alone", "awake", {}, done],
    ["asks what there is of an earlier life before a VM sleeps", "asleep", {}, asksLatest],
    ["lets a VM come up before it is put to sleep", "asleep", { state: "booting" }, {}],
    ["asks so also where another operator put it to sleep", "awake", { state: "hibernated" }, asksLatest],
  ])("%s", (_, desire, options, expected) => {
    expect(step(undefined, desire, options)).toEqual(expected);
  });

  it.each<[string, TagFact, Step]>([
    ["and what there was before", long, becomes("saving", undefined, short)],
    ["and that there was nothing before", absent, becomes("saving", undefined, "")],
    ["without waiting for a registry that does not answer", unknown, becomes("saving")],
  ])("writes down that a VM is to sleep, %s", (_, latest, expected) => {
    expect(step(undefined, "asleep", {}, undefined, {}, latest)).toEqual(expected);
    expect(step(undefined, "awake", { state: "hibernated" }, undefined, {}, latest)).toEqual(expected);
  });
});

describe("sleepStep, of a VM that is being saved", () => {
  const d = { digest: "sha256:a" };
  it.each<[string, Desire, PodOptions, TagFact | undefined, Partial<SnapshotRecord>, Step]>([
    ["asks for it once that is written down", "asleep", {}, undefined, {}, hibernates],
    ["asks again when the order was undone", "asleep", {}, undefined, d, hibernates],
    ["does not ask a VM that boots", "asleep", { state: "booting" }, undefined, {}, waits(179_000)],
    ["waits for the node", "asleep", { state: "hibernating" }, undefined, {}, waits(179_000)],
    ["asks for the tag when the node is done", "asleep", { state: "hibernated" }, undefined, {}, asks],
    ["looks again when the tag is not there", "asleep", { state: "hibernated" }, absent, {}, waits(5_000)],
    [
      "asks what else there is once the tag is there",
      "asleep",
      { state: "hibernated" },
      present,
      {},
      asksLatest,
    ],
    [
      "does not believe a node that answers for an older order, whatever tag is there",
      "asleep",
      { state: "hibernated", annotations: { "cocoonset.cocoonstack.io/generation": "4" } },
      present,
      {},
      waits(179_000),
    ],
    ["does not believe the tag alone", "asleep", { ...asked, state: "running" }, present, {}, waits(179_000)],
    ["does not turn round half-way", "awake", { state: "hibernating" }, undefined, {}, waits(179_000)],
    ["arrives before it turns round", "awake", { state: "hibernated" }, present, {}, asksLatest],
    ["calls it off before it was asked for", "awake", {}, undefined, d, becomes("waking", "sha256:a")],
    ["calls it off when it failed", "awake", { ...asked, state: "failed" }, undefined, {}, becomes("waking")],
    ["keeps on when it failed", "asleep", { ...asked, state: "failed" }, undefined, {}, waits(179_000)],
  ])("%s", (_, desire, options, fact, record, expected) => {
    expect(step("saving", desire, options, fact, record)).toEqual(expected);
  });

  it("believes the tag, with its digest, and notes what else there is", () => {
    const before = { digest: "sha256:o", latest: "p" };
    const found = (latest: TagFact): Step =>
      step("saving", "asleep", { state: "hibernated" }, present, before, latest);
    expect(found(long)).toEqual(becomes("saved", "sha256:a", short));
    expect(found(absent)).toEqual(becomes("saved", "sha256:a", ""));
    expect(found(unknown)).toEqual(becomes("saved", "sha256:a"));
  });

  it("says what is missing once it takes too long", () => {
    const silent = {
      ...asked,
      annotations: { ...asked.annotations, "vm.cocoonstack.io/lifecycle-state": undefined },
    };
    const messageOf = (options: PodOptions): string | undefined =>
      step("saving", "asleep", options, undefined, since(181_000)).troubles?.[0]?.message;
    expect(messageOf({ state: "hibernating" })).toBe(
      `pod demo-0 was told to hibernate at ${ago(181_000)}, and its node answered "hibernating" to order 3; the last order is 3: look at its agent`,
    );
    expect(messageOf(silent)).toContain(
      "its node reports no lifecycle state: it needs a node agent that does",
    );
  });

  it("says that the registry does not answer, and asks again", () => {
    expect(step("saving", "asleep", { state: "hibernated" }, unknown)).toEqual({
      troubles: [
        {
          condition: "Degraded",
          reason: "RegistryUnavailable",
          message:
            "the registry did not say whether vk-shop-demo-0:hibernate is there (time-out): what depends on that waits",
        },
      ],
      requeueAfterMs: 30_000,
    });
  });
});

describe("sleepStep, of a VM that sleeps", () => {
  const d = { digest: "sha256:a" };
  it.each<[string, Desire, PodOptions, Step]>([
    ["lets it sleep, without asking the registry", "asleep", { state: "hibernated" }, done],
    [
      "lets it sleep when its stamp is raised",
      "asleep",
      { state: "hibernated", annotations: { "cocoonset.cocoonstack.io/generation": "4" } },
      done,
    ],
    ["writes down first that it is to wake", "awake", { state: "hibernated" }, becomes("waking", "sha256:a")],
    [
      "saves it anew when the order was undone",
      "asleep",
      { state: "hibernated", ...notAsked },
      becomes("saving", "sha256:a"),
    ],
    ["saves it anew when it came back by itself", "asleep", {}, becomes("saving", "sha256:a")],
  ])("%s", (_, desire, options, expected) => {
    expect(step("saved", desire, options, undefined, d)).toEqual(expected);
  });
});

describe("sleepStep, of a VM that wakes", () => {
  const d = { digest: "sha256:a" };
  const failed: PodOptions = { state: "failed" };
  it.each<[string, Desire, PodOptions, TagFact | undefined, Partial<SnapshotRecord>, Step]>([
    ["asks for it once that is written down", "awake", { state: "hibernated" }, undefined, d, wakes],
    ["asks also when it is to sleep again", "asleep", { state: "hibernated" }, undefined, d, wakes],
    ["waits until it runs", "awake", { state: "booting" }, undefined, d, waits(299_000)],
    [
      "waits for its id",
      "awake",
      { annotations: { "vm.cocoonstack.io/id": undefined } },
      undefined,
      d,
      waits(299_000),
    ],
    ["gives its snapshot up once it runs", "awake", {}, undefined, d, becomes("collecting", "sha256:a")],
    ["turns round once it runs", "asleep", {}, undefined, d, becomes("saving", "sha256:a")],
    ["keeps the snapshot of one that does not come up", "awake", failed, undefined, d, waits(299_000)],
    ["looks whether there is a snapshot of one that failed", "awake", failed, undefined, {}, asks],
    ["keeps that, if there is", "awake", failed, present, {}, becomes("waking", "sha256:a")],
    [
      "waits for a push that may be under way",
      "awake",
      failed,
      absent,
      {},
      { requeueAfterMs: 299_000, isDone: true },
    ],
    [
      "keeps in mind then that it may live on, which is not rebuilt",
      "awake",
      failed,
      absent,
      since(301_000),
      {
        requeueAfterMs: 180_000,
        troubles: [
          {
            condition: "Degraded",
            reason: "TransitionOverdue",
            message: `pod demo-0 failed while it was put to sleep, and has not recovered since ${ago(301_000)}; its VM may still run, and is in no snapshot, so it is not rebuilt: look at its node, or delete the pod to give that state up`,
          },
        ],
        isDone: true,
      },
    ],
  ])("%s", (_, desire, options, fact, record, expected) => {
    expect(step("waking", desire, options, fact, record)).toEqual(expected);
  });
});

describe("sleepStep, of what it knows of tags", () => {
  const known = { digest: "sha256:a", latest: "x" };
  it.each<[string, SnapshotState, Desire, PodOptions, SnapshotState]>([
    ["that is called off", "saving", "awake", {}, "waking"],
    ["that is to wake", "saved", "awake", { state: "hibernated" }, "waking"],
    ["that came back by itself", "saved", "asleep", {}, "saving"],
    ["that woke", "waking", "awake", {}, "collecting"],
    ["that is to sleep again", "collecting", "asleep", {}, "saving"],
  ])("keeps it, of a VM %s", (_, state, desire, options, next) => {
    expect(step(state, desire, options, undefined, known)).toEqual(becomes(next, "sha256:a", "x"));
  });

  it("forgets what there was before a snapshot that somebody has replaced", () => {
    expect(step("collecting", "awake", {}, other, known)).toEqual(becomes("collecting", "sha256:b"));
  });
});

describe("sleepStep, of a VM whose snapshot is left over", () => {
  const d = { digest: "sha256:a" };
  const remove: Step = {
    actions: [
      {
        kind: "delete-tag",
        vmName,
        tag: "hibernate",
        digest: "sha256:a",
        provided: [
          owner,
          { kind: "pod-unchanged", name: "demo-0", uid: "uid-demo-0", resourceVersion: "11" },
        ],
      },
    ],
  };
  const marked = { annotations: { "vm.cocoonstack.io/restore-from-hibernate": "true" } };
  it.each<[string, Desire, PodOptions, TagFact | undefined, Partial<SnapshotRecord>, Step]>([
    [
      "takes the mark off its pod first",
      "awake",
      marked,
      present,
      d,
      { pod: { "vm.cocoonstack.io/restore-from-hibernate": null } },
    ],
    ["asks for the tag", "awake", {}, undefined, d, asks],
    ["removes what was recorded, provided the VM runs", "awake", {}, present, d, remove],
    [
      "records another snapshot before it removes it",
      "awake",
      {},
      other,
      d,
      becomes("collecting", "sha256:b"),
    ],
    ["leaves it there while the VM does not run", "awake", { state: "failed" }, present, d, {}],
    ["is through when it is gone", "awake", {}, absent, d, { record: null }],
    [
      "remembers for a while what was never seen",
      "awake",
      {},
      absent,
      {},
      { requeueAfterMs: 179_000, isDone: true },
    ],
    ["and then no longer", "awake", {}, absent, since(180_000), { record: null }],
    [
      "saves the VM again without waiting for that",
      "asleep",
      {},
      undefined,
      d,
      becomes("saving", "sha256:a"),
    ],
    ["saves it again when somebody asked for it", "awake", asked, present, d, becomes("saving", "sha256:a")],
  ])("%s", (_, desire, options, fact, record, expected) => {
    expect(step("collecting", desire, options, fact, record)).toEqual(expected);
  });

  it("says that the registry refuses, and tries again", () => {
    const found = step("collecting", "awake", {}, { ...present, refusal: "405 UNSUPPORTED" }, d);
    expect(found).toMatchObject({ ...remove, requeueAfterMs: 30_000 });
    expect(found.troubles).toEqual([
      {
        condition: "Blocked",
        reason: "RegistryRefuses",
        message:
          "the registry refuses to delete vk-shop-demo-0:hibernate (405 UNSUPPORTED): let it delete tags, or delete this one by hand; it is tried again",
      },
    ]);
  });
});
