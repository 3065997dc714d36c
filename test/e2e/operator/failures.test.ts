import { specAnnotations } from "@cocoonstack/common/meta";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { conditionOf, type Place } from "../../support/platform/place.js";
import { Platform, scenario } from "../../support/platform/platform.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
let running: Platform;
const platform = (): Platform => running;
beforeAll(async () => {
  running = await Platform.start(plane);
});
afterAll(async () => {
  await running.stop();
});

const box = { name: "box", image: "ghcr.io/cocoonstack/box:1" };

/** No VM of the main agent starts from now on. */
const breakMain = (place: Place): void => {
  place.setFaults({ "demo-0": { fail: ["start"] } });
};

/** How often the set said so. */
async function timesTold(place: Place, reason: string): Promise<readonly number[]> {
  const events = await place.eventsOf("demo", reason);
  return events.filter((event) => event.reason === reason).map(({ count }) => count);
}

describe("a CocoonSet whose main agent failed", () => {
  scenario("15: makes it anew once its image is mended", platform, async (place) => {
    const [wrong, mended] = ["ghcr.io/cocoonstack/ubunut:24.04", "ghcr.io/cocoonstack/ubuntu:24.04"];
    breakMain(place);
    await place.createSet("demo", { agent: { image: wrong, replicas: 1 } });
    const failed = await place.untilReason("CocoonSet", "demo", "Ready", "PodLifecycleFailed");
    expect(failed.status?.phase).toBe("Failed");
    expect(conditionOf(failed, "Ready")).toMatchObject({
      status: "False",
      message: expect.stringMatching(
        /^main agent demo-0 failed: .*start of \S+ was made to fail.*; mend the spec, or delete the pod/,
      ) as string,
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

  scenario("16: lets go what is not wanted any more, and is not Ready for that", platform, async (place) => {
    const leaving = ["demo-1", "demo-box"];
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box], snapshotPolicy: "always" });
    await place.untilPhase("CocoonSet", "demo", "Running");
    breakMain(place);
    await place.pods.remove("demo-0");
    await place.untilReason("CocoonSet", "demo", "Ready", "PodLifecycleFailed");
    const main = await place.pods.get("demo-0");

    const ready = place.watchCondition("CocoonSet", "demo", "Ready");
    await place.editSet("demo", { agent: { replicas: 0 }, toolboxes: [] });
    for (const name of leaving) await place.pods.untilGone(name);
    const left = await place.until(
      "CocoonSet",
      "demo",
      "through with them",
      // Between two tries of its node the main agent boots.
      ({ metadata, status }) =>
        status?.phase === "Failed" &&
        status.observedGeneration === metadata?.generation &&
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
    expect(conditionOf(left, "Ready")?.reason).toBe("PodLifecycleFailed");
    expect(await ready()).toEqual(["False"]);
    expect((await place.pods.get("demo-0"))?.metadata.uid).toBe(main?.metadata.uid);
    for (const name of leaving) expect(await place.tag(name, "latest")).toEqual(place.contentOf(name));
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
        /^main agent demo-0 failed: the pod ended in phase Succeeded; .*delete the pod to start it afresh/,
      ) as string,
    });
    expect(await timesTold(place, "MainAgentFailed")).toEqual([1]);

    place.giveUp("demo-0");
    await place.pods.remove("demo-0");
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect(place.startsOf("demo-0")).toEqual(["image", "image"]);
    expect((await place.pods.get("demo-1"))?.metadata.uid).toBe(before?.metadata.uid);
    expect(await timesTold(place, "RecoveredFromFailure")).toEqual([1]);
  });
});
