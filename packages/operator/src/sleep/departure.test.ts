import { describe, expect, it } from "vitest";
import { ago, agentPod, nowMs, type PodOptions, setView } from "../../../../test/support/operator/objects.js";
import type { Action, PodView, Proof, TagFact, Trouble } from "../model/index.js";
import { departureStep } from "./departure.js";
import type { SnapshotRecord, SnapshotState } from "./records.js";
import type { Step } from "./step.js";

const set = setView();
const vmName = "vk-shop-demo-1";
const owner = { kind: "owner-unchanged", resourceVersion: "7" } as const;
const version = { name: "demo-1", uid: "uid-demo-1", resourceVersion: "11" };
const gone: Proof = { kind: "pod-absent", name: "demo-1" };
const isLatest: Proof = { kind: "tag-is", vmName, tag: "latest", digest: "sha256:a" };

/** What the tags hold: `a` is the snapshot that was recorded, `o` another, `-` none, `?` no answer, and nothing for not asked. */
const facts: Readonly<Record<string, TagFact>> = {
  a: { state: "present", digest: "sha256:a" },
  o: { state: "present", digest: "sha256:o" },
  r: { state: "present", digest: "sha256:a", refusal: "405" },
  f: { state: "present", digest: "sha256:a", failure: "503" },
  "-": { state: "absent" },
  "?": { state: "unknown", message: "time-out" },
};

interface Case {
  readonly pod?: PodOptions | "gone" | "stranger";
  readonly record?: SnapshotState;
  /** The digest that the record has; `""` for none. */
  readonly digest?: string;
  /** The digest that `latest` had when the VM went to sleep, as far as the record says. */
  readonly before?: string;
  readonly hibernate?: string;
  readonly latest?: string;
  readonly kept?: boolean;
  readonly forced?: boolean;
}

function recordIn({ record, digest, before }: Case): SnapshotRecord | undefined {
  if (record === undefined) return undefined;
  const known = digest ?? (record === "saving" ? "" : "sha256:a");
  return {
    ...{ state: record, since: ago(1_000) },
    ...(known !== "" && { digest: known }),
    ...(before !== undefined && { latest: before }),
  };
}

function step({ pod = "gone", kept = true, forced = false, ...rest }: Case): Step {
  const isPod = typeof pod === "object";
  const holder: PodView | undefined = pod === "gone" ? undefined : agentPod(set, 1, isPod ? pod : {});
  const found = (["hibernate", "latest"] as const).flatMap((tag) => {
    const fact = facts[rest[tag] ?? ""];
    return fact === undefined ? [] : [[`${vmName}:${tag}`, fact] as const];
  });
  return departureStep({
    nowMs,
    vmName,
    namespace: "shop",
    podName: "demo-1",
    holder,
    isOwn: isPod,
    record: recordIn(rest),
    policy: "always",
    isKept: kept,
    isForced: forced,
    tags: new Map(found),
    owner,
  });
}

/** A VM that runs, and that its node does not call ready. */
const unready: PodOptions = { annotations: { "vm.cocoonstack.io/lifecycle-state": "creating" } };

const deletesPod = (...provided: readonly Proof[]): Action => ({
  kind: "delete-pod",
  ...version,
  provided: [owner, ...provided],
});
const deletesTag = (tag: "hibernate" | "latest", ...provided: readonly Proof[]): Action => ({
  kind: "delete-tag",
  ...{ vmName, tag, digest: "sha256:a", provided: [owner, gone, ...provided] },
});
const keeps: Action = { kind: "retag", vmName, digest: "sha256:a", to: "latest", provided: [owner] };

describe("departureStep, of a VM that has a pod", () => {
  it.each<[string, Case, Partial<Step>]>([
    ["deletes the pod of one that runs: its node saves it", { pod: {} }, { actions: [deletesPod()] }],
    [
      "deletes it whatever sleeps, where nothing is kept",
      { pod: { state: "hibernated" }, record: "saved", kept: false },
      { actions: [deletesPod()] },
    ],
    [
      "deletes it when it is forced",
      { pod: { state: "hibernated" }, record: "saved", forced: true },
      { actions: [deletesPod()] },
    ],
    [
      "tells the node the policy first",
      { pod: { annotations: { "cocoonset.cocoonstack.io/snapshot-policy": "never" } } },
      { pod: { "cocoonset.cocoonstack.io/snapshot-policy": "always" } },
    ],
    [
      "asks what is kept of one that sleeps",
      { pod: { state: "hibernated" }, record: "saved" },
      { asks: [{ vmName, tag: "latest" }] },
    ],
    [
      "keeps its snapshot as latest",
      { pod: { state: "hibernated" }, record: "saved", latest: "o", hibernate: "a" },
      { actions: [keeps] },
    ],
    [
      "deletes its pod once that is so",
      { pod: { state: "hibernated" }, record: "saved", latest: "a" },
      { actions: [deletesPod(isLatest)] },
    ],
    [
      "records what is kept before it keeps it",
      { pod: { state: "hibernated" }, record: "saved", latest: "-", hibernate: "o" },
      { record: { state: "saved", since: ago(0), digest: "sha256:o" } },
    ],
    [
      "lets one that is being saved arrive",
      { pod: { state: "hibernating" }, record: "saving" },
      { requeueAfterMs: 179_000 },
    ],
    [
      "takes up one that another operator put to sleep",
      { pod: { state: "hibernated" }, latest: "-" },
      { record: { state: "saving", since: ago(0), latest: "" } },
    ],
    [
      "keeps the snapshot of one that does not wake",
      { pod: { state: "failed" }, record: "waking", latest: "-", hibernate: "a" },
      { actions: [keeps] },
    ],
    [
      "writes down that one runs that woke",
      { pod: {}, record: "waking" },
      { record: { state: "collecting", since: ago(0), digest: "sha256:a" } },
    ],
    ["deletes its pod then", { pod: {}, record: "collecting" }, { actions: [deletesPod()] }],
    [
      "keeps the snapshot of one that runs and is not ready",
      { pod: unready, record: "waking", latest: "-", hibernate: "a" },
      { actions: [keeps] },
    ],
    [
      "writes down then that it is older than what its node saves",
      { pod: unready, record: "waking", latest: "a" },
      { record: { state: "collecting", since: ago(0), digest: "sha256:a" } },
    ],
    [
      "does so of one that came back by itself",
      { pod: {}, record: "saved", latest: "a" },
      { record: { state: "collecting", since: ago(0), digest: "sha256:a" } },
    ],
    [
      "deletes the pod of one that never got ready",
      { pod: unready, record: "collecting", latest: "a", hibernate: "a" },
      { actions: [deletesPod(isLatest)] },
    ],
    [
      "keeps what is left over of one that ran again and failed",
      { pod: { state: "failed" }, record: "collecting", latest: "-", hibernate: "a" },
      { actions: [keeps] },
    ],
    [
      "deletes its pod where nothing is left over",
      { pod: { state: "failed" }, record: "collecting", hibernate: "-" },
      { actions: [deletesPod()] },
    ],
    [
      "lets one arrive that was asked to sleep once more",
      { pod: { state: "hibernating" }, record: "collecting" },
      { record: { state: "saving", since: ago(0), digest: "sha256:a" } },
    ],
  ])("%s", (_, input, expected) => {
    expect(step(input)).toMatchObject(expected);
    expect(step(input).isDone ?? false).toBe(false);
  });

  it("is held when its state cannot be kept, and says how to let it go", () => {
    const found = step({ pod: { state: "hibernated" }, record: "saved", latest: "-", hibernate: "-" });
    expect(found.actions).toBeUndefined();
    expect(found.troubles).toMatchObject([
      {
        condition: "Blocked",
        reason: "SnapshotNotKept",
        message:
          "the state of demo-1 cannot be kept as its snapshot policy wants, because vk-shop-demo-1:hibernate, in which it slept, is gone from the registry: push it again, or let it go with the annotation cocoonset.cocoonstack.io/force-cleanup=true",
      },
    ]);
  });

  it("waits for a pod that is about to go, and says when it takes too long", () => {
    const terminating = (beforeMs: number): Case => ({
      pod: { metadata: { deletionTimestamp: ago(beforeMs) } },
    });
    expect(step(terminating(60_000))).toEqual({ requeueAfterMs: 240_000 });
    const since = ago(300_000);
    expect(step(terminating(300_000)).troubles).toEqual([
      {
        condition: "Degraded",
        reason: "DeletionStuck",
        message: `pod demo-1 has been terminating since ${since}, and node node-1 has not released it: look at the node agent there; kubectl delete pod demo-1 --namespace shop --force gives the VM's state up`,
      },
    ]);
    const unplaced = { pod: { metadata: { deletionTimestamp: since }, spec: { nodeName: "" } } };
    expect(step(unplaced).troubles?.[0]?.message).toContain("look at its finalizers");
  });

  it("writes down of one that is about to go that another operator put it to sleep", () => {
    const leaving = { state: "hibernated", metadata: { deletionTimestamp: ago(1_000) } } as const;
    expect(step({ pod: leaving })).toEqual({ record: { state: "saving", since: ago(0) } });
    expect(step({ pod: leaving, record: "saving" }).record).toBeUndefined();
  });

  it("leaves a stranger's pod its name, and its tags", () => {
    expect(step({ pod: "stranger", hibernate: "a" })).toEqual({ isDone: true });
  });
});

describe("departureStep, of a VM that was to sleep, failed and is to wake", () => {
  const failed: Case = { pod: { state: "failed" }, record: "waking", digest: "" };
  it.each<[string, Case, Partial<Step>]>([
    ["looks for its snapshot", failed, { asks: [{ vmName, tag: "hibernate" }] }],
    ["lets its node save what runs on", { ...failed, hibernate: "-" }, { actions: [deletesPod()] }],
    [
      "keeps a snapshot that was there after all",
      { ...failed, hibernate: "a", latest: "-" },
      { record: { state: "waking", since: ago(0), digest: "sha256:a" } },
    ],
  ])("%s", (_, input, expected) => {
    expect(step(input)).toMatchObject(expected);
  });
});

describe("departureStep, of a VM whose pod is gone", () => {
  it.each<[string, Case, Partial<Step>]>([
    [
      "asks for both tags where nothing is kept",
      { kept: false },
      {
        asks: [
          { vmName, tag: "hibernate" },
          { vmName, tag: "latest" },
        ],
      },
    ],
    [
      "writes down first that a snapshot is not kept",
      { kept: false, record: "saved", hibernate: "a", latest: "a" },
      { record: { state: "collecting", since: ago(0), digest: "sha256:a" } },
    ],
    [
      "deletes both",
      { kept: false, hibernate: "a", latest: "a" },
      { actions: [deletesTag("hibernate"), deletesTag("latest")], isDone: false },
    ],
    [
      "keeps latest where it is kept",
      { hibernate: "a", latest: "o" },
      { actions: [deletesTag("hibernate")], isDone: false },
    ],
    [
      "is through when they are gone",
      { kept: false, hibernate: "-", latest: "-" },
      { actions: [], isDone: true },
    ],
    [
      "keeps the snapshot of one that slept first",
      { record: "saved", latest: "-", hibernate: "a" },
      { actions: [keeps] },
    ],
    [
      "also in the place of a latest of before",
      { record: "saved", before: "o", latest: "o", hibernate: "a" },
      { actions: [keeps] },
    ],
    [
      "puts it over no latest that came since then",
      { record: "saved", before: "x", latest: "o", hibernate: "a" },
      { troubles: [expect.objectContaining({ reason: "SnapshotNotKept" }) as Trouble] },
    ],
    [
      "keeps that one when people have decided so",
      { record: "saved", before: "x", latest: "o", hibernate: "-" },
      { record: { state: "collecting", since: ago(0), digest: "sha256:a", latest: "x" } },
    ],
    [
      "gives it up only as its copy stands",
      { record: "saved", latest: "a", hibernate: "a" },
      { actions: [deletesTag("hibernate", isLatest)] },
    ],
    [
      "looks for the snapshot of one that was being saved",
      { record: "saving" },
      { asks: [{ vmName, tag: "hibernate" }] },
    ],
    [
      "and for what its node may have saved instead",
      { record: "saving", hibernate: "a" },
      { asks: [{ vmName, tag: "latest" }] },
    ],
    [
      "keeps the snapshot, of which nothing is newer",
      { record: "saving", hibernate: "a", latest: "-" },
      { record: { state: "saved", since: ago(0), digest: "sha256:a" } },
    ],
    [
      "keeps what its node saved of one that was to wake and ran",
      { record: "waking", before: "x", hibernate: "a", latest: "o" },
      { record: { state: "collecting", since: ago(0), digest: "sha256:a", latest: "x" } },
    ],
    [
      "goes on where there is nothing",
      { record: "saving", hibernate: "-", latest: "-" },
      { record: { state: "collecting", since: ago(0) } },
    ],
    [
      "waits where the snapshot is gone, and nothing came after it",
      { record: "waking", before: "", hibernate: "-", latest: "-" },
      { troubles: [expect.objectContaining({ reason: "SnapshotNotKept" }) as Trouble] },
    ],
    [
      "needs no copy of what ran again",
      { record: "collecting", hibernate: "a" },
      { actions: [deletesTag("hibernate")] },
    ],
    [
      "waits for a registry that does not answer",
      { hibernate: "?" },
      { isDone: false, requeueAfterMs: 30_000 },
    ],
    ["leaves the tag behind when it is forced", { hibernate: "?", forced: true }, { isDone: true }],
    ["says that the registry refuses", { hibernate: "r" }, { isDone: false, requeueAfterMs: 30_000 }],
    ["leaves that tag behind when it is forced", { hibernate: "r", forced: true }, { isDone: true }],
    ["leaves one behind that could not be deleted", { hibernate: "f", forced: true }, { isDone: true }],
    [
      "still deletes what it can when it is forced",
      { hibernate: "a", forced: true },
      { isDone: false, actions: [deletesTag("hibernate")] },
    ],
  ])("%s", (_, input, expected) => {
    expect(step(input)).toMatchObject(expected);
  });

  it("asks people which state is to be kept where nobody saw which is newer", () => {
    const found = step({ record: "saving", hibernate: "a", latest: "o" });
    expect(found).toEqual({
      troubles: [
        {
          condition: "Blocked",
          reason: "SnapshotNotKept",
          message:
            "the state of demo-1 is in vk-shop-demo-1:hibernate or in vk-shop-demo-1:latest, which differ, and nobody saw which of them is newer: delete the older one from the registry, and the other is kept",
        },
      ],
      requeueAfterMs: 5_000,
    });
    expect(step({ record: "saving", hibernate: "-", latest: "o" })).toMatchObject({
      record: { state: "collecting" },
    });
    expect(step({ record: "saving", hibernate: "a", latest: "-" })).toMatchObject({
      record: { state: "saved", digest: "sha256:a" },
    });
  });
});
