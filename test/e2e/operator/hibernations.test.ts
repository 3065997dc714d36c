import { describe, expect } from "vitest";
import { pollMs } from "../../../packages/operator/src/model/index.js";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const idKey = "vm.cocoonstack.io/id";
const vmNameKey = "vm.cocoonstack.io/name";
const recordsKey = "cocoonset.cocoonstack.io/snapshots";

/** A set with one sub-agent, that runs. */
async function runs(place: Place): Promise<void> {
  await place.createSet("demo", { agent: { replicas: 1 } });
  await place.untilPhase("CocoonSet", "demo", "Running");
}

async function sleeps(place: Place, podName: string, name = "nap"): Promise<void> {
  await place.createHibernation(name, podName, "Hibernate");
  await place.untilPhase("CocoonHibernation", name, "Hibernated");
  expect(await place.tag(podName, "hibernate")).toEqual(place.contentOf(podName));
}

const runningContainer = async (place: Place, podName: string): Promise<boolean> => {
  const pod = await place.pods.get(podName);
  return pod?.status.containerStatuses?.some(({ state }) => state.running !== undefined) === true;
};

describe("a CocoonHibernation", () => {
  scenario("28: puts a VM to sleep, and wakes it, with one event each", platform, async (place) => {
    place.setFaults({ "*": { delayMs: { save: 800 } } });
    await runs(place);
    const id = (await place.pods.get("demo-0"))?.metadata.annotations[idKey];
    await using asleep = await place.followPhases("CocoonHibernation", "nap");
    await sleeps(place, "demo-0");
    expect((await asleep.soFar()).filter((phase) => phase !== "Pending")).toEqual([
      "Hibernating",
      "Hibernated",
    ]);

    place.setFaults({ "*": { hang: ["start"] } });
    await using awake = await place.followPhases("CocoonHibernation", "nap");
    await place.editHibernation("nap", "Wake");
    await place.untilPhase("CocoonHibernation", "nap", "Waking");
    await place.pods.until(
      "demo-0",
      "on its way up",
      ({ metadata }) => metadata.annotations["vm.cocoonstack.io/lifecycle-state"] === "creating",
    );
    expect(await runningContainer(place, "demo-0")).toBe(false);
    expect((await place.get("CocoonHibernation", "nap"))?.status?.phase).toBe("Waking");
    expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));
    place.setFaults({});
    await place.untilPhase("CocoonHibernation", "nap", "Active");
    expect(await runningContainer(place, "demo-0")).toBe(true);
    const newId = (await place.pods.get("demo-0"))?.metadata.annotations[idKey];
    expect([newId, newId === id]).toEqual([expect.stringMatching(/./), false]);
    await place.untilNoTag("demo-0", "hibernate");
    expect(await awake.soFar()).toEqual(["Hibernated", "Waking", "Active"]);
    const events = await place.eventsOf("nap", "WokenActive");
    expect(events.map(({ reason, count }) => [reason, count]).sort()).toEqual([
      ["Hibernated", 1],
      ["WokenActive", 1],
    ]);
  });

  scenario("29: waits for its pod without asking for it, and says so", platform, async (place) => {
    await place.createHibernation("early", "demo-1", "Hibernate");
    const waiting = await place.untilPhase("CocoonHibernation", "early", "Pending");
    expect(conditionOf(waiting, "Ready")?.message).toBe("pod demo-1 does not exist yet");
    // Longer than whatever cannot be watched is left alone: the sub-agent is made when the main agent is up.
    place.setFaults({ "demo-0": { delayMs: { start: pollMs + 1_000 } } });
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.pods.until("demo-0", "there", () => true);
    const gets = await place.watchGets();
    await place.untilPhase("CocoonHibernation", "early", "Hibernated");
    expect(await place.tag("demo-1", "hibernate")).toEqual(place.contentOf("demo-1"));
    expect((await gets()).filter((one) => one === "pods/demo-1")).toEqual([]);
  });

  scenario("29: waits for the VM of a pod without a set, and says so", platform, async (place) => {
    await place.pods.create("bare", { pool: place.platform.pool, vm: { vmName: "" } });
    await place.createHibernation("early", "bare", "Hibernate");
    const waiting = await place.untilPhase("CocoonHibernation", "early", "Pending");
    expect(conditionOf(waiting, "Ready")?.message).toBe("pod bare has no VM yet");
    await place.pods.annotate("bare", { [vmNameKey]: place.vmName("bare") });
    await place.untilPhase("CocoonHibernation", "early", "Hibernated");
    expect(await place.tag("bare", "hibernate")).toEqual(place.contentOf("bare"));
  });

  for (const podName of ["demo-0", "demo-1"]) {
    scenario(
      `30: wakes the VM of ${podName} before it goes, and its snapshot goes last`,
      platform,
      async (place) => {
        await runs(place);
        await sleeps(place, podName);
        place.setFaults({ "*": { hang: ["start"] } });
        await place.remove("CocoonHibernation", "nap");
        await place.untilReason("CocoonHibernation", "nap", "Ready", "Deleting");
        await place.pods.until(
          podName,
          "on its way up",
          ({ metadata }) => metadata.annotations["vm.cocoonstack.io/lifecycle-state"] === "creating",
        );
        expect(await place.tag(podName, "hibernate")).toEqual(place.contentOf(podName));
        place.setFaults({});
        await place.untilGone("CocoonHibernation", "nap");
        await place.untilPhase("CocoonSet", "demo", "Running");
        await place.untilNoTag(podName, "hibernate");
        expect(place.startsOf(podName).at(-1)).toBe("snapshot");
      },
    );
  }

  scenario("31: lets a VM arrive before it turns round", platform, async (place) => {
    // Long enough for each phase to be seen.
    place.setFaults({ "*": { delayMs: { save: 1_500, start: 500 } } });
    await runs(place);
    await using phases = await place.followPhases("CocoonHibernation", "nap");
    await place.createHibernation("nap", "demo-0", "Hibernate");
    await place.pods.untilIn("demo-0", "hibernating", 1);
    await place.editHibernation("nap", "Wake");
    await place.untilPhase("CocoonHibernation", "nap", "Active");
    expect((await phases.soFar()).filter((phase) => phase !== "Pending")).toEqual([
      "Hibernating",
      "Waking",
      "Active",
    ]);
    expect(place.startsOf("demo-0")).toEqual(["image", "snapshot"]);

    await place.editHibernation("nap", "Hibernate");
    await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
    place.setFaults({ "*": { delayMs: { save: 500, start: 1_500 } } });
    await using back = await place.followPhases("CocoonHibernation", "nap");
    await place.editHibernation("nap", "Wake");
    await place.untilPhase("CocoonHibernation", "nap", "Waking");
    await place.pods.untilIn("demo-0", "creating", 1);
    await place.editHibernation("nap", "Hibernate");
    await place.until(
      "CocoonHibernation",
      "nap",
      "on its way down",
      ({ status }) => status?.phase === "Hibernating",
    );
    await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
    expect(await back.soFar()).toEqual(["Hibernated", "Waking", "Hibernating", "Hibernated"]);
    expect(place.startsOf("demo-0")).toEqual(["image", "snapshot", "snapshot"]);
    expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));
  });

  /** How often the operator writes to a pod in ten seconds of a conflict. */
  const writesInTenSeconds = async (
    place: Place,
    podName: string,
    conflict: () => Promise<void>,
  ): Promise<number> => {
    const writes = await place.watchWrites();
    const startMs = performance.now();
    await conflict();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 10_000 - (performance.now() - startMs))));
    return (await writes()).filter(({ on }) => on === `pods/${podName}`).length;
  };

  scenario("32: gives way to a set that is suspended, and says so", platform, async (place) => {
    await runs(place);
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    const count = await writesInTenSeconds(place, "demo-0", async () => {
      await place.createHibernation("wake", "demo-0", "Wake");
      const overruled = await place.untilReason("CocoonHibernation", "wake", "Blocked", "Overruled");
      expect(conditionOf(overruled, "Blocked")?.message).toBe(
        "pod demo-0 is not awake for this, because CocoonSet demo is suspended: set its spec.suspend to false, or change or delete this CocoonHibernation",
      );
    });
    expect(count).toBeLessThanOrEqual(5);
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    expect(place.startsOf("demo-0")).toEqual(["image"]);
    expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));
  });

  scenario("32: gives way to an older one, and says so", platform, async (place) => {
    await runs(place);
    await sleeps(place, "demo-1", "older");
    const count = await writesInTenSeconds(place, "demo-1", async () => {
      await place.createHibernation("wake", "demo-1", "Wake");
      const overruled = await place.untilReason("CocoonHibernation", "wake", "Blocked", "Overruled");
      expect(conditionOf(overruled, "Blocked")?.message).toContain(
        "CocoonHibernation older speaks for that pod",
      );
    });
    expect(count).toBeLessThanOrEqual(5);
    await place.untilPhase("CocoonHibernation", "older", "Hibernated");
    expect(place.startsOf("demo-1")).toEqual(["vm"]);
    expect(await place.tag("demo-1", "hibernate")).toEqual(place.contentOf("demo-1"));
  });

  scenario(
    "33: fails after three minutes (which are written back), stays so, and recovers",
    platform,
    async (place) => {
      await runs(place);
      place.setFaults({ "*": { hang: ["push"] } });
      await place.createHibernation("nap", "demo-0", "Hibernate");
      await place.untilPhase("CocoonHibernation", "nap", "Hibernating");
      await place.pods.untilIn("demo-0", "hibernating", 1);
      await letPass(place, 181_000);
      const failed = await place.untilPhase("CocoonHibernation", "nap", "Failed");
      expect(conditionOf(failed, "Ready")).toMatchObject({ status: "False", reason: "HibernateTimedOut" });
      // Ten minutes on, and after everything that has the operator look again.
      await letPass(place, 600_000);
      await place.annotate("CocoonHibernation", "nap", { "example.com/look": "again" });
      await using phases = await place.followPhases("CocoonHibernation", "nap");
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      expect(await phases.soFar()).toEqual(["Failed"]);
      const events = await place.eventsOf("nap", "HibernateTimedOut");
      expect(events.map(({ reason, count }) => [reason, count])).toEqual([["HibernateTimedOut", 1]]);

      // Another desire is another try.
      await place.editHibernation("nap", "Wake");
      await place.until(
        "CocoonHibernation",
        "nap",
        "no longer failed",
        ({ status }) => status?.phase !== "Failed",
      );
      await place.editHibernation("nap", "Hibernate");
      await place.untilPhase("CocoonHibernation", "nap", "Hibernating");
      await letPass(place, 181_000);
      await place.untilPhase("CocoonHibernation", "nap", "Failed");
      place.setFaults({});
      await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
      expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));
    },
  );
});

/** Writes the times that the operator reads as if so much had passed since. */
async function letPass(place: Place, ms: number): Promise<void> {
  const earlier = (time: string): string =>
    new Date(Date.parse(time) - ms).toISOString().replace(/\.\d+Z$/, "Z");
  const set = await place.get("CocoonSet", "demo");
  const records = JSON.parse(set?.metadata?.annotations?.[recordsKey] ?? "{}") as Readonly<
    Record<string, { readonly since: string }>
  >;
  const shifted = Object.entries(records).map(([name, record]) => [
    name,
    { ...record, since: earlier(record.since) },
  ]);
  const conditions = (await place.get("CocoonHibernation", "nap"))?.status?.conditions ?? [];
  await place.rewriteStatus("CocoonHibernation", "nap", {
    conditions: conditions.map((condition) => ({
      ...condition,
      lastTransitionTime: earlier(condition?.lastTransitionTime ?? ""),
    })),
  });
  if (shifted.length > 0) {
    await place.annotate("CocoonSet", "demo", { [recordsKey]: JSON.stringify(Object.fromEntries(shifted)) });
  }
}
