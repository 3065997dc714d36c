import { describe, expect, it } from "vitest";
import { ago, nowMs } from "../../../../test/support/operator/objects.js";
import type { TagFact } from "../model/index.js";
import type { SnapshotRecord, SnapshotState } from "./records.js";
import { type Restore, restoreOf } from "./restore-step.js";

const vmName = "vk-shop-demo-0";
const present: TagFact = { state: "present", digest: "sha256:a" };
const absent: TagFact = { state: "absent" };

const restore = (record: SnapshotRecord | undefined, fact?: TagFact, startsFresh = false): Restore =>
  restoreOf({
    nowMs,
    vmName,
    podName: "demo-0",
    record,
    tags: new Map(fact === undefined ? [] : [[`${vmName}:hibernate`, fact]]),
    startsFresh,
  });
const record = (state: SnapshotState, digest?: string, beforeMs = 1_000): SnapshotRecord => ({
  state,
  since: ago(beforeMs),
  ...(digest !== undefined && { digest }),
});
const wakes = (digest: string): Restore => ({
  from: undefined,
  step: { record: { state: "waking", since: ago(0), digest } },
});
const forgets: Restore = { from: undefined, step: { record: null } };

describe("restoreOf", () => {
  it.each<[string, SnapshotRecord | undefined, TagFact | undefined, Restore]>([
    [
      "asks for the tag first",
      record("saved", "sha256:a"),
      undefined,
      { from: undefined, step: { asks: [{ vmName, tag: "hibernate" }] } },
    ],
    ["writes down that a VM that slept is to wake", record("saved", "sha256:a"), present, wakes("sha256:a")],
    ["brings it back from its snapshot then", record("waking", "sha256:a"), present, { from: "snapshot" }],
    ["takes the snapshot that is there", record("waking", "sha256:0"), present, wakes("sha256:a")],
    ["takes one that arrived after its pod went", record("saving"), present, wakes("sha256:a")],
    ["takes one that was left over", record("collecting", "sha256:a"), present, wakes("sha256:a")],
    ["takes one that nobody recorded", undefined, present, wakes("sha256:a")],
    ["starts what never slept from its image", undefined, absent, { from: "image" }],
    ["forgets a snapshot that was collected", record("collecting", "sha256:a"), absent, forgets],
    [
      "waits for a push that may be under way",
      record("saving"),
      absent,
      { from: undefined, step: { requeueAfterMs: 5_000 } },
    ],
    ["and then no longer", record("saving", undefined, 180_000), absent, forgets],
  ])("%s", (_, before, fact, expected) => {
    expect(restore(before, fact)).toEqual(expected);
  });

  it.each(["saving", "saved", "waking"] as const)(
    "does not start a VM afresh whose snapshot is gone (%s)",
    (state) => {
      expect(restore(record(state, "sha256:a", 9e6), absent)).toMatchObject({
        from: undefined,
        step: {
          troubles: [
            {
              condition: "Blocked",
              reason: "SnapshotMissing",
              message:
                "pod demo-0 is not created, because its VM slept in vk-shop-demo-0:hibernate (sha256:a), which is gone from the registry: push it again, or give its state up with the annotation cocoonset.cocoonstack.io/start-fresh=demo-0",
            },
          ],
        },
      });
    },
  );

  it("forgets it when somebody gives it up", () => {
    expect(restore(record("saved", "sha256:a"), absent, true)).toEqual(forgets);
    expect(restore(record("saved", "sha256:a"), present, true)).toEqual(wakes("sha256:a"));
  });

  it("decides nothing while the registry does not answer", () => {
    const found = restore(record("saved", "sha256:a"), { state: "unknown", message: "time-out" });
    expect(found).toMatchObject({ from: undefined, step: { troubles: [{ reason: "RegistryUnavailable" }] } });
  });

  it("keeps in mind meanwhile that a VM may have slept which nobody recorded", () => {
    const found = restore(undefined, { state: "unknown", message: "time-out" });
    expect(found).toMatchObject({ step: { record: { state: "saving", since: ago(0) } } });
    expect(restore(undefined)).toEqual({
      from: undefined,
      step: { asks: [{ vmName, tag: "hibernate" }] },
    });
  });
});
