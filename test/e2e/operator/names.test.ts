import { labelCocoonSet, labelRole, labelSlot } from "@cocoonstack/common/meta";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { apiPath } from "../../support/api-path.js";
import { installCrds, installPermissiveCrd } from "../../support/crds.js";
import { until } from "../../support/eventually.js";
import type { LivePod } from "../../support/node/pods-in.js";
import { cocoonSet } from "../../support/objects.js";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const image = "ghcr.io/cocoonstack/box:1";
const box = (name: string, more: object = {}): object => ({ name, image, ...more });
const longest = "x".repeat(63);

beforeAll(async () => {
  const { plane } = platform();
  // Our CRD lets no such toolboxes in. Those of other versions do, and there they are stored.
  await installPermissiveCrd(plane, "cocoonsets");
  const toolboxes = [box("1"), box("db"), box("db")];
  await until(
    "the API server still has the CRD as it is shipped",
    () =>
      plane.request(
        "POST",
        `${apiPath("CocoonSet", "default")}?dryRun=All`,
        cocoonSet("probe", { agent: { image }, toolboxes }),
      ),
    ({ status }) => status === 201,
  );
});
afterAll(() => installCrds(platform().plane));

/** How often an object was warned of, by reason. */
const warningsOf = async (place: Place, name: string, reason: string): Promise<unknown> =>
  (await place.eventsOf(name, reason))
    .filter(({ reason: said }) => said !== "Running")
    .map((event) => [event.reason, event.count]);

describe("names that cannot be used", () => {
  scenario("11: toolboxes are said, and the others run", platform, async (place) => {
    const long = `${longest}x`;
    const other = "ghcr.io/cocoonstack/other:1";
    const toolboxes = [box("db"), box("db", { image: other }), box("1"), box(long), box("ok")];
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes });
    const { status } = await place.until(
      "CocoonSet",
      "demo",
      "otherwise ready",
      (set) => set.status?.readyAgents === 2 && set.status.readyToolboxes === 2,
    );
    expect(status).toMatchObject({ phase: "Scaling", desiredToolboxes: 5 });
    expect(status?.toolboxes?.map((toolbox) => toolbox?.podName)).toEqual(["demo-db", "demo-ok"]);
    const blocked = await place.untilReason("CocoonSet", "demo", "Blocked", "ToolboxNameRepeated");
    expect(conditionOf(blocked, "Blocked")?.message?.split("; ")).toEqual([
      "spec.toolboxes has the name db more than once, and only the first counts: rename or remove the others",
      'toolbox "1" is not created, because its name stands for the slot of an agent: give it a name with a letter',
      `toolbox ${long} is not created, because its name has 64 characters and a label holds 63: shorten it`,
    ]);
    expect(place.startsOf("demo-1")).toEqual(["vm"]);

    const renamed = [box("db"), box("other", { image: other }), box("one"), box(longest), box("ok")];
    await place.editSet("demo", { toolboxes: renamed });
    const healed = await place.untilPhase("CocoonSet", "demo", "Running");
    expect(conditionOf(healed, "Blocked")).toMatchObject({ status: "False", reason: "AsExpected" });
    expect(await warningsOf(place, "demo", "ToolboxNameRepeated")).toEqual([["ToolboxNameRepeated", 1]]);
    expect(place.startsOf("demo-db")).toEqual(["image"]);
  });

  scenario(
    "11: a set whose name fits into no label is said, and goes when it shall",
    platform,
    async (place) => {
      const name = `${longest}x`;
      await place.createSet(name, { agent: { replicas: 1 } });
      const blocked = await place.untilReason("CocoonSet", name, "Blocked", "NameTooLong");
      expect(conditionOf(blocked, "Blocked")?.message).toBe(
        `CocoonSet ${name} has a name of 64 characters, and pods carry it in a label, which holds 63: create it under a shorter name`,
      );
      expect(conditionOf(blocked, "Ready")).toMatchObject({ status: "False", reason: "AgentsNotReady" });
      expect(await warningsOf(place, name, "NameTooLong")).toEqual([["NameTooLong", 1]]);
      expect(await place.pods.get(`${name}-0`)).toBeUndefined();
      await place.remove("CocoonSet", name);
      await place.untilGone("CocoonSet", name);

      for (const usable of [longest, "7"]) {
        await place.createSet(usable, { agent: { replicas: 1 } });
        await place.untilPhase("CocoonSet", usable, "Running");
      }
    },
  );
});

describe("a stranger's pod", () => {
  const create = (place: Place, name: string, labels = {}): Promise<LivePod> =>
    place.pods.create(name, { pool: place.platform.pool, vm: { vmName: "" }, labels });

  /** Those of a sub-agent, but for the owner. */
  const borrowed = { [labelCocoonSet]: "demo", [labelRole]: "sub-agent", [labelSlot]: "2" };

  for (const { podName, labels = {}, member, others } of [
    { podName: "demo-0", member: "main agent", others: ["demo-box"] },
    { podName: "demo-1", member: "sub-agent 1", others: ["demo-0", "demo-2", "demo-box"] },
    { podName: "demo-2", labels: borrowed, member: "sub-agent 2", others: ["demo-0", "demo-1", "demo-box"] },
    { podName: "demo-box", member: "toolbox box", others: ["demo-0", "demo-1", "demo-2"] },
  ]) {
    scenario(`11: of the name ${podName} is said, and the others run`, platform, async (place) => {
      const stranger = await create(place, podName, labels);
      const writes = await place.watchWrites();
      await place.createSet("demo", { agent: { replicas: 2 }, toolboxes: [box("box")] });
      for (const name of others) await place.pods.untilIn(name, "ready", 1);
      const blocked = await place.untilReason("CocoonSet", "demo", "Blocked", "NameTaken");
      expect(conditionOf(blocked, "Blocked")?.message).toBe(
        `the pod of ${member} is not created, because another pod has its name, ${podName}: delete that pod if nobody needs it, or choose another name for the set or toolbox`,
      );
      expect(await warningsOf(place, "demo", "NameTaken")).toEqual([["NameTaken", 1]]);
      const found = await place.pods.get(podName);
      expect(found?.metadata.uid).toBe(stranger.metadata.uid);
      expect((await writes()).filter(({ on }) => on.startsWith(`pods/${podName}`))).toEqual([]);

      await place.pods.remove(podName);
      const healed = await place.untilPhase("CocoonSet", "demo", "Running");
      expect(conditionOf(healed, "Blocked")).toMatchObject({ status: "False", reason: "AsExpected" });
    });
  }

  scenario("11: stays where the set goes that wanted its name", platform, async (place) => {
    const stranger = await create(place, "demo-1");
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilReason("CocoonSet", "demo", "Blocked", "NameTaken");
    await place.remove("CocoonSet", "demo");
    await place.untilGone("CocoonSet", "demo");
    const { metadata } = await place.pods.until("demo-1", "still there", () => true);
    expect([metadata.uid, metadata.deletionTimestamp]).toEqual([stranger.metadata.uid, undefined]);
  });
});

describe("two sets whose VMs would have one name", () => {
  /** Two namespaces, of which one is named like the other and the beginning of a set in it. */
  const twoPlaces = async (place: Place, play: (longer: Place) => Promise<void>): Promise<void> => {
    const longer = await Place.open(place.platform, `${place.ns}-b`);
    try {
      await play(longer);
    } finally {
      await longer.close();
    }
  };

  scenario(
    "38: the second is refused, touches nothing of the first, and comes up when that is gone",
    platform,
    async (place) => {
      await twoPlaces(place, async (longer) => {
        await place.createSet("b-c", { agent: { replicas: 1 } });
        await place.untilPhase("CocoonSet", "b-c", "Running");
        await longer.createSet("c", { agent: { replicas: 1 }, toolboxes: [box("box")] });
        const blocked = await longer.untilReason("CocoonSet", "c", "Blocked", "VMNameTaken");
        expect(conditionOf(blocked, "Blocked")?.message).toContain(
          `pod c-0 is left alone, because its VM would have the name ${place.vmName("b-c-0")}, as has one of CocoonSet ${place.ns}/b-c, and they would share their snapshots: give CocoonSet c another name`,
        );
        expect(longer.vmName("c-0")).toBe(place.vmName("b-c-0"));
        // The one VM whose name is its own.
        await longer.pods.untilIn("c-box", "ready", 1);
        expect(await Promise.all(["c-0", "c-1"].map((name) => longer.pods.get(name)))).toEqual([
          undefined,
          undefined,
        ]);
        expect(await warningsOf(longer, "c", "VMNameTaken")).toEqual([["VMNameTaken", 1]]);

        // The snapshots of the first are in the way of nothing that happens to the second.
        await place.editSet("b-c", { suspend: true });
        await place.untilPhase("CocoonSet", "b-c", "Suspended");
        await longer.editSet("c", { suspend: true });
        await longer.untilReason("CocoonSet", "c", "Blocked", "VMNameTaken");
        await longer.remove("CocoonSet", "c");
        await longer.untilGone("CocoonSet", "c");
        const slept = ["b-c-0", "b-c-1"];
        expect(await Promise.all(slept.map((name) => place.tag(name, "hibernate")))).toEqual(
          slept.map((name) => place.contentOf(name)),
        );

        await longer.createSet("c", { agent: { replicas: 1 } });
        await longer.untilReason("CocoonSet", "c", "Blocked", "VMNameTaken");
        await place.editSet("b-c", { suspend: false });
        await place.untilPhase("CocoonSet", "b-c", "Running");
        expect(place.startsOf("b-c-0")).toEqual(["image", "snapshot"]);

        const kept = slept.map((name) => place.contentOf(name));
        place.giveUp(...slept);
        await place.remove("CocoonSet", "b-c");
        await place.untilGone("CocoonSet", "b-c");
        await longer.untilPhase("CocoonSet", "c", "Running");
        expect(await Promise.all(slept.map((name) => place.tag(name, "latest")))).toEqual(kept);
        expect(longer.startsOf("c-0")).toEqual(["image", "snapshot", "image"]);
      });
    },
  );

  scenario("38: an edit takes no VM away from the set that has it", platform, async (place) => {
    await twoPlaces(place, async (longer) => {
      await place.createSet("b");
      await place.untilPhase("CocoonSet", "b", "Running");
      await longer.createSet("c");
      await longer.untilPhase("CocoonSet", "c", "Running");
      const uid = (await longer.pods.get("c-0"))?.metadata.uid;
      await place.editSet("b", { toolboxes: [box("c-0")] });
      const blocked = await place.untilReason("CocoonSet", "b", "Blocked", "VMNameTaken");
      expect(conditionOf(blocked, "Blocked")?.message).toBe(
        `pod b-c-0 is left alone, because its VM would have the name ${longer.vmName("c-0")}, as has one of CocoonSet ${longer.ns}/c, and they would share their snapshots: give toolbox c-0 another name`,
      );
      expect(await place.pods.get("b-c-0")).toBeUndefined();
      expect((await longer.pods.get("c-0"))?.metadata.uid).toBe(uid);
      await longer.untilPhase("CocoonSet", "c", "Running");

      place.giveUp("b-c-0");
      await longer.remove("CocoonSet", "c");
      await place.untilPhase("CocoonSet", "b", "Running");
      expect(place.startsOf("b-c-0")).toEqual(["image", "image"]);
    });
  });

  scenario("38: a deletion takes no snapshot of a VM that another set has", platform, async (place) => {
    await twoPlaces(place, async (longer) => {
      await place.createSet("b");
      await place.untilPhase("CocoonSet", "b", "Running");
      await longer.createSet("c");
      await longer.untilPhase("CocoonSet", "c", "Running");
      await place.editSet("b", { toolboxes: [box("c-0")] });
      await place.untilReason("CocoonSet", "b", "Blocked", "VMNameTaken");
      await longer.editSet("c", { suspend: true });
      await longer.untilPhase("CocoonSet", "c", "Suspended");
      await place.remove("CocoonSet", "b");
      await place.untilGone("CocoonSet", "b");
      expect(await longer.tag("c-0", "hibernate")).toEqual(longer.contentOf("c-0"));

      await longer.editSet("c", { suspend: false });
      await longer.untilPhase("CocoonSet", "c", "Running");
      expect(longer.startsOf("c-0")).toEqual(["image", "snapshot"]);
    });
  });
});
