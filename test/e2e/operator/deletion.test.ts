import { isContainerRunning } from "@cocoonstack/common/meta";
import { describe, expect } from "vitest";
import type { LivePod } from "../../support/node/pods-in.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const leavingKey = "cocoonset.cocoonstack.io/delete-vm-names";
/** A toolbox whose VM's name ends like a main agent's. */
const trap = { name: "t-0", image: "ghcr.io/cocoonstack/box:1" };
const members = ["demo-0", "demo-1", "demo-t-0"];

const tagsOf = (place: Place, tag: "hibernate" | "latest"): Promise<readonly unknown[]> =>
  Promise.all(members.map((name) => place.tag(name, tag)));

/** Names are written down, and the finalizer goes, by patches of the set itself. */
const ofSet = "patch cocoonsets/demo";

const nowhere = members.map(() => undefined);

const isLeaving = ({ metadata }: LivePod): boolean => metadata.deletionTimestamp !== undefined;

/** What each policy keeps of a set's members. */
const policies = [
  { snapshotPolicy: "always", kept: members },
  { snapshotPolicy: "main-only", kept: ["demo-0"] },
  { snapshotPolicy: "never", kept: [] },
];

describe("a CocoonSet that is deleted", () => {
  for (const { snapshotPolicy, kept } of policies) {
    scenario(`23: leaves what the policy ${snapshotPolicy} keeps`, platform, async (place) => {
      await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [trap], snapshotPolicy });
      await place.untilPhase("CocoonSet", "demo", "Running");
      place.giveUp(...members.filter((name) => !kept.includes(name)));
      const writes = await place.watchWrites();
      place.setFaults({ "*": { hang: ["destroy"] } });
      await place.remove("CocoonSet", "demo");
      for (const name of members) {
        await place.pods.until(name, "on its way out", isLeaving);
      }
      const leaving = await place.get("CocoonSet", "demo");
      expect(leaving?.metadata?.annotations?.[leavingKey]).toBe(
        members.map((name) => place.vmName(name)).join(","),
      );
      place.setFaults({});
      await place.untilGone("CocoonSet", "demo");

      const expected = members.map((name) => (kept.includes(name) ? place.contentOf(name) : undefined));
      expect(await tagsOf(place, "latest")).toEqual(expected);
      expect(await tagsOf(place, "hibernate")).toEqual(nowhere);
      const acts = (await writes()).map(({ verb, on }) => `${verb} ${on}`);
      const ofPods = acts.flatMap((act, index) => (act.startsWith("delete pods/") ? [index] : []));
      expect(ofPods.length).toBeGreaterThanOrEqual(members.length);
      const [stash, release] = [acts.indexOf(ofSet), acts.lastIndexOf(ofSet)];
      expect(stash).toBeGreaterThanOrEqual(0);
      expect(stash).toBeLessThan(Math.min(...ofPods));
      expect(release).toBeGreaterThan(Math.max(...ofPods));
    });
  }

  scenario("24: keeps the states of VMs that sleep", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [trap], snapshotPolicy: "always" });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    await place.remove("CocoonSet", "demo");
    await place.untilGone("CocoonSet", "demo");
    expect(await tagsOf(place, "latest")).toEqual(members.map((name) => place.contentOf(name)));
    expect(await tagsOf(place, "hibernate")).toEqual(nowhere);
  });
});

describe("a slot that goes while its VM sleeps", () => {
  const sleeping = async (place: Place, snapshotPolicy: string): Promise<void> => {
    await place.createSet("demo", { agent: { replicas: 1 }, snapshotPolicy });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.createHibernation("nap", "demo-1", "Hibernate");
    await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
    expect(await place.tag("demo-1", "hibernate")).toEqual(place.contentOf("demo-1"));
  };

  scenario(
    "27: takes its snapshots with it, and starts clean when it is there again",
    platform,
    async (place) => {
      await sleeping(place, "never");
      place.giveUp("demo-1");
      await place.editSet("demo", { agent: { replicas: 0 } });
      await place.pods.untilGone("demo-1");
      await place.untilNoTag("demo-1", "hibernate");
      expect(await place.tag("demo-1", "latest")).toBeUndefined();
      await place.remove("CocoonHibernation", "nap");
      await place.untilGone("CocoonHibernation", "nap");
      await place.editSet("demo", { agent: { replicas: 1 } });
      await place.untilPhase("CocoonSet", "demo", "Running");
      expect(place.startsOf("demo-1")).toEqual(["vm", "vm"]);
    },
  );

  scenario(
    "27: leaves what the policy keeps, and sleeps anew for the one who still asks",
    platform,
    async (place) => {
      await sleeping(place, "always");
      const kept = place.contentOf("demo-1");
      await place.editSet("demo", { agent: { replicas: 0 } });
      await place.pods.untilGone("demo-1");
      await place.untilNoTag("demo-1", "hibernate");
      expect(await place.tag("demo-1", "latest")).toEqual(kept);
      await place.losesNothing();
      place.giveUp("demo-1");
      await place.editSet("demo", { agent: { replicas: 1 } });
      await place.pods.until("demo-1", "there again", () => true);
      await place.untilReason("CocoonSet", "demo", "Ready", "Hibernated");
      await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
      expect(place.startsOf("demo-1")).toEqual(["vm", "vm"]);
      expect(await place.tag("demo-1", "hibernate")).toEqual(place.contentOf("demo-1"));
      expect(place.contentOf("demo-1")).not.toEqual(kept);
    },
  );
});

describe("a CocoonSet with everything around it that is deleted", () => {
  const goes: Readonly<Record<string, (place: Place) => Promise<void>>> = {
    "with its namespace": (place) => place.removeNamespace(),
    "in the foreground": async (place) => {
      await place.remove("CocoonSet", "demo", "Foreground");
      await place.untilGone("CocoonSet", "demo");
    },
  };
  for (const [way, remove] of Object.entries(goes)) {
    scenario(
      `39: goes ${way} while its VMs wake, and leaves what they did since then`,
      platform,
      async (place) => {
        await place.createSet("demo", {
          agent: { replicas: 1 },
          toolboxes: [trap],
          snapshotPolicy: "always",
        });
        await place.untilPhase("CocoonSet", "demo", "Running");
        await place.editSet("demo", { suspend: true });
        await place.untilPhase("CocoonSet", "demo", "Suspended");
        const slept = members.map((name) => place.contentOf(name));
        place.setFaults({ "*": { neverReady: true } });
        await place.editSet("demo", { suspend: false });
        for (const name of members) await place.pods.until(name, "running", isContainerRunning);
        const removed = remove(place);
        for (const name of members) await place.pods.until(name, "on its way out", isLeaving);
        place.setFaults({});
        await removed;
        const awake = members.map((name) => place.contentOf(name));
        expect(awake).not.toEqual(slept);
        expect(await tagsOf(place, "latest")).toEqual(awake);
        expect(await tagsOf(place, "hibernate")).toEqual(nowhere);
      },
    );
  }

  /** A set of which one VM sleeps for a CocoonHibernation. */
  async function napping(place: Place, snapshotPolicy: string): Promise<void> {
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [trap], snapshotPolicy });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.createHibernation("nap", "demo-1", "Hibernate");
    await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
    await place.untilReason("CocoonSet", "demo", "Ready", "Hibernated");
  }

  for (const { snapshotPolicy, kept } of policies) {
    const expected = (place: Place): readonly unknown[] =>
      members.map((name) => (kept.includes(name) ? place.contentOf(name) : undefined));
    const giveUpTheRest = (place: Place): void => {
      place.giveUp(...members.filter((name) => !kept.includes(name)));
    };

    scenario(
      `39: goes with its namespace, and leaves what ${snapshotPolicy} keeps`,
      platform,
      async (place) => {
        await napping(place, snapshotPolicy);
        await place.createSet("asleep", { snapshotPolicy: "always" });
        await place.untilPhase("CocoonSet", "asleep", "Running");
        await place.editSet("asleep", { suspend: true });
        await place.untilPhase("CocoonSet", "asleep", "Suspended");
        await place.pods.create("bare", { pool: place.platform.pool });
        await place.createHibernation("bare", "bare", "Hibernate");
        await place.untilPhase("CocoonHibernation", "bare", "Hibernated");
        // No policy keeps the VM of a pod without a set. Woken for a moment, because its CocoonHibernation goes first, it has nothing new to lose.
        place.platform.contents.rest(place.vmName("bare"));

        giveUpTheRest(place);
        await place.removeNamespace();
        expect(await tagsOf(place, "latest")).toEqual(expected(place));
        expect(await tagsOf(place, "hibernate")).toEqual(nowhere);
        expect(await place.tag("asleep-0", "latest")).toEqual(place.contentOf("asleep-0"));
        expect(await place.tag("asleep-0", "hibernate")).toBeUndefined();
      },
    );

    scenario(
      `39: goes in the foreground, and leaves what ${snapshotPolicy} keeps`,
      platform,
      async (place) => {
        await napping(place, snapshotPolicy);
        giveUpTheRest(place);
        await place.remove("CocoonSet", "demo", "Foreground");
        await place.untilGone("CocoonSet", "demo");
        for (const name of members) expect(await place.pods.get(name)).toBeUndefined();
        expect(await tagsOf(place, "latest")).toEqual(expected(place));
        expect(await tagsOf(place, "hibernate")).toEqual(nowhere);
        await place.remove("CocoonHibernation", "nap");
        await place.untilGone("CocoonHibernation", "nap");
      },
    );
  }
});
