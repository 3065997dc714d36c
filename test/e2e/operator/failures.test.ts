import { readLifecycleStatus, specAnnotations } from "@cocoonstack/common/meta";
import { describe, expect } from "vitest";
import { until } from "../../support/eventually.js";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const box = { name: "box", image: "ghcr.io/cocoonstack/box:1" };

/** No VM of the main agent starts from now on. */
const breakMain = (place: Place): void => {
  place.setFaults({ "demo-0": { fail: ["start"] } });
};

const becauseOfStart = expect.stringMatching(
  /^main agent demo-0 failed: .*start of \S+ was made to fail.*; mend the spec or delete the pod: either makes it anew, without the state that it had/,
) as string;

/** Has the operator look at the set again and again, which is no reason to say anything again. */
async function nudge(place: Place): Promise<void> {
  const looks = async (): Promise<number> =>
    (await place.platform.operator.metrics()).get(
      'cocoon_operator_reconcile_duration_seconds_count{kind="set"}',
    ) ?? 0;
  for (const look of ["once", "twice", "three times"]) {
    const before = await looks();
    await place.annotate("CocoonSet", "demo", { "example.com/look": look });
    await until("nobody looks at the set", looks, (count) => count > before);
  }
}

/** How often the set said so. */
async function timesTold(place: Place, reason: string): Promise<readonly number[]> {
  const events = await place.eventsOf("demo", reason);
  return events.filter((event) => event.reason === reason).map(({ count }) => count);
}

describe("a CocoonSet whose main agent failed", () => {
  scenario(
    "14: says why each time that it fails, and is well again when that is",
    platform,
    async (place) => {
      await using states = await place.followPod("demo-0", (pod) => readLifecycleStatus(pod).state);
      const failures = async (): Promise<number> =>
        (await states.soFar()).filter((state) => state === "failed").length;
      breakMain(place);
      await place.createSet("demo", { agent: { replicas: 1 } });
      const failed = await place.untilReason("CocoonSet", "demo", "Ready", "PodLifecycleFailed");
      expect(failed.status?.phase).toBe("Failed");
      expect(conditionOf(failed, "Ready")).toMatchObject({ status: "False", message: becauseOfStart });
      // Its node tries again, and again.
      await until("the node does not try again", failures, (count) => count > 1);
      await nudge(place);
      const uid = (await place.pods.get("demo-0"))?.metadata.uid;

      place.setFaults({});
      await place.untilPhase("CocoonSet", "demo", "Running");
      expect((await place.pods.get("demo-0"))?.metadata.uid).toBe(uid);
      expect(await timesTold(place, "RecoveredFromFailure")).toEqual([1]);
      const told = (await timesTold(place, "PodLifecycleFailed")).reduce((sum, count) => sum + count, 0);
      expect(told).toBeGreaterThan(0);
      expect(told).toBeLessThanOrEqual(await failures());
    },
  );

  scenario("15: makes it anew once its image is mended", platform, async (place) => {
    const [wrong, mended] = ["ghcr.io/cocoonstack/ubunut:24.04", "ghcr.io/cocoonstack/ubuntu:24.04"];
    breakMain(place);
    await place.createSet("demo", { agent: { image: wrong, replicas: 1 } });
    const failed = await place.untilReason("CocoonSet", "demo", "Ready", "PodLifecycleFailed");
    expect(failed.status?.phase).toBe("Failed");
    expect(conditionOf(failed, "Ready")).toMatchObject({
      status: "False",
      message: becauseOfStart,
    });
    const first = await place.pods.get("demo-0");

    await place.editSet("demo", { agent: { image: mended } });
    const second = await place.pods.until(
      "demo-0",
      "made anew",
      ({ metadata }) => metadata.uid !== first?.metadata.uid,
    );
    expect(second.metadata.annotations[specAnnotations.image]).toBe(mended);
    place.setFaults({});
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect([place.startsOf("demo-0"), place.startsOf("demo-1")]).toEqual([["image"], ["vm"]]);
    expect(await timesTold(place, "RecoveredFromFailure")).toEqual([1]);
  });

  /** A set of which everything runs, until its main agent ends for good. */
  async function endsMain(place: Place): Promise<void> {
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box], snapshotPolicy: "always" });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.pods.end("demo-0", "Failed");
    await place.untilReason("CocoonSet", "demo", "Ready", "MainAgentFailed");
  }

  scenario("16: lets go what is not wanted any more, and is not Ready for that", platform, async (place) => {
    const leaving = ["demo-1", "demo-box"];
    await endsMain(place);
    const main = await place.pods.get("demo-0");
    await using phases = await place.followPhases("CocoonSet", "demo");
    await using ready = await place.followCondition("CocoonSet", "demo", "Ready");

    await place.editSet("demo", { agent: { replicas: 0 }, toolboxes: [] });
    for (const name of leaving) await place.pods.untilGone(name);
    const left = await place.until(
      "CocoonSet",
      "demo",
      "through with them",
      ({ metadata, status }) =>
        status?.observedGeneration === metadata?.generation &&
        metadata?.annotations?.["cocoonset.cocoonstack.io/delete-vm-names"] === undefined,
    );
    expect(left.status).toMatchObject({
      phase: "Failed",
      readyAgents: 0,
      desiredAgents: 1,
      readyToolboxes: 0,
      desiredToolboxes: 0,
      agents: [{ podName: "demo-0" }],
      toolboxes: [],
    });
    expect(conditionOf(left, "Ready")?.reason).toBe("MainAgentFailed");
    // Not even while what leaves is there still, and ready.
    expect([await phases.soFar(), await ready.soFar()]).toEqual([["Failed"], ["False"]]);
    expect((await place.pods.get("demo-0"))?.metadata.uid).toBe(main?.metadata.uid);
    for (const name of leaving) expect(await place.tag(name, "latest")).toEqual(place.contentOf(name));
  });

  scenario("16: brings up other toolboxes, and suspends what lives", platform, async (place) => {
    await endsMain(place);
    await place.editSet("demo", { toolboxes: [box, { ...box, name: "other" }] });
    await place.pods.untilIn("demo-other", "ready", 2);

    await place.editSet("demo", { suspend: true });
    const asleep = ["demo-1", "demo-box", "demo-other"];
    for (const name of asleep) await place.pods.untilIn(name, "hibernated", 3);
    const tags = await Promise.all(asleep.map((name) => place.tag(name, "hibernate")));
    expect(tags).toEqual(asleep.map((name) => place.contentOf(name)));
    expect(await place.tag("demo-0", "hibernate")).toBeUndefined();
    await place.until(
      "CocoonSet",
      "demo",
      "failed, with nobody ready",
      ({ status }) => status?.phase === "Failed" && status.readyAgents === 0 && status.readyToolboxes === 0,
    );
  });

  scenario("17: takes a pod that Succeeded for one that has ended, and says so", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilPhase("CocoonSet", "demo", "Running");
    const before = await place.pods.get("demo-1");
    await place.pods.end("demo-0", "Succeeded");
    const ended = await place.untilReason("CocoonSet", "demo", "Ready", "MainAgentFailed");
    expect(ended.status?.phase).toBe("Failed");
    expect(conditionOf(ended, "Ready")).toMatchObject({
      status: "False",
      message: expect.stringMatching(
        /^main agent demo-0 failed: the pod ended in phase Succeeded; mend the spec or delete the pod: either makes it anew, without the state that it had/,
      ) as string,
    });
    await nudge(place);
    expect(await timesTold(place, "MainAgentFailed")).toEqual([1]);

    place.giveUp("demo-0");
    await place.pods.remove("demo-0");
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect(place.startsOf("demo-0")).toEqual(["image", "image"]);
    expect((await place.pods.get("demo-1"))?.metadata.uid).toBe(before?.metadata.uid);
    expect(await timesTold(place, "RecoveredFromFailure")).toEqual([1]);
  });
});
