import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { registryRetryMs, setFinalizer } from "../../../packages/operator/src/model/index.js";
import { until } from "../../support/eventually.js";
import { type FaultProxy, faultProxy } from "../../support/fault-proxy.js";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { soleScenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

let registry: FaultProxy;
const platform = sharedPlatform((own) => ({
  operatorsWay: async (url) => {
    registry = await own.use(faultProxy(url));
    return registry.url;
  },
}));

/** A scenario after which the registry is as it was before. */
function faultyScenario(name: string, play: (place: Place) => Promise<void>): void {
  soleScenario(name, platform, async (place) => {
    try {
      await play(place);
    } finally {
      registry.resume();
    }
  });
}

/** Creates sets of a main agent each, and waits until they run. */
async function run(place: Place, names: readonly string[]): Promise<void> {
  for (const name of names) await place.createSet(name, { snapshotPolicy: "never" });
  for (const name of names) await place.untilPhase("CocoonSet", name, "Running");
}

const suspend = async (place: Place, names: readonly string[]): Promise<void> => {
  for (const name of names) await place.editSet(name, { suspend: true });
};

/** How many calls to the registry have ended so far, of an outcome or of all. */
async function callsEnded({ platform: { operator } }: Place, outcome = ""): Promise<number> {
  const samples = [...(await operator.metrics())].filter(
    ([name]) =>
      name.startsWith("cocoon_operator_registry_calls_total{") && name.includes(`outcome="${outcome}`),
  );
  return samples.reduce((sum, [, value]) => sum + value, 0);
}

/**
 * Waits until the registry is asked nothing for a third of the pause after which it is asked again: there is no such time where it is
 * asked as fast as it answers. How often it is asked before that is up to what changes in the cluster meanwhile.
 */
const untilLeftAlone = (place: Place): Promise<void> =>
  until(
    "the registry is never left alone",
    async () => {
      const callsBefore = await callsEnded(place);
      await sleep(registryRetryMs / 3);
      return (await callsEnded(place)) - callsBefore;
    },
    (calls) => calls === 0,
    3 * registryRetryMs,
  );

/** The annotation that lets a set go, as people are told of it. */
async function wayOut(place: Place, name: string): Promise<string> {
  const told = await place.untilReason("CocoonSet", name, "Progressing", "Deleting");
  const found = /the annotation (\S+)=true lets it go/.exec(conditionOf(told, "Progressing")?.message ?? "");
  return found?.[1] ?? "";
}

describe("a registry that does not do what it is asked for", () => {
  faultyScenario(
    "25: holds up the end of a CocoonSet, until it is well again or somebody forces it",
    async (place) => {
      const names = ["demo", "forced"];
      await run(place, names);
      await suspend(place, names);
      for (const name of names) await place.untilPhase("CocoonSet", name, "Suspended");

      place.giveUp("demo-0", "forced-0");
      registry.answer(500);
      for (const name of names) await place.remove("CocoonSet", name);
      for (const name of names) {
        const held = await place.untilReason("CocoonSet", name, "Degraded", "RegistryUnavailable");
        expect(conditionOf(held, "Degraded")?.message).toMatch(
          new RegExp(
            `the registry did not say whether ${place.vmName(`${name}-0`)}:hibernate is there .*answers 500`,
          ),
        );
        expect(held.metadata?.finalizers).toEqual([setFinalizer]);
        expect(await place.pods.get(`${name}-0`)).toBeUndefined();
        expect(await place.tag(`${name}-0`, "hibernate")).toEqual(place.contentOf(`${name}-0`));
      }

      await place.annotate("CocoonSet", "forced", { [await wayOut(place, "forced")]: "true" });
      await place.untilGone("CocoonSet", "forced");
      expect(await place.tag("forced-0", "hibernate")).toEqual(place.contentOf("forced-0"));

      const events = await place.eventsOf("demo", "RegistryUnavailable");
      expect(events.filter(({ reason }) => reason === "RegistryUnavailable")).toMatchObject([{ count: 1 }]);
      expect(await place.get("CocoonSet", "demo")).toBeDefined();
      await untilLeftAlone(place);
      registry.resume();
      await place.untilGone("CocoonSet", "demo");
      expect(await place.tag("demo-0", "hibernate")).toBeUndefined();
    },
  );

  faultyScenario("26: is in the way of nothing that does not need it", async (place) => {
    // More than there are workers.
    const asleep = ["a1", "a2", "a3", "a4", "a5"];
    await run(place, asleep);
    const timeoutsBefore = await callsEnded(place, "timeout");

    registry.cut();
    registry.stall();
    const before = registry.accepted;
    await suspend(place, asleep);
    await until(
      "nothing was asked for each",
      () => Promise.resolve(registry.accepted - before),
      (calls) => calls >= asleep.length,
    );
    await place.createSet("b", { snapshotPolicy: "never" });
    await until(
      "there is no pod",
      () => place.pods.get("b-0"),
      (pod) => pod !== undefined,
    );
    // A worker that waits for the registry is free again only once its call has timed out.
    expect(await callsEnded(place, "timeout")).toBe(timeoutsBefore);
    await place.untilPhase("CocoonSet", "b", "Running");

    for (const name of asleep) {
      const held = await place.untilReason("CocoonSet", name, "Degraded", "RegistryUnavailable");
      expect(conditionOf(held, "Degraded")?.message).toMatch(
        new RegExp(`${place.vmName(`${name}-0`)}:hibernate .*took longer than 5000 ms`),
      );
      expect(held.status?.phase).toBe("Suspending");
    }
    expect((await callsEnded(place, "timeout")) - timeoutsBefore).toBeGreaterThanOrEqual(asleep.length);
    registry.resume();
    for (const name of asleep) {
      await place.untilPhase("CocoonSet", name, "Suspended");
      expect(await place.tag(`${name}-0`, "hibernate")).toEqual(place.contentOf(`${name}-0`));
    }
    await suspend(place, ["b"]);
    await place.untilPhase("CocoonSet", "b", "Suspended");
    expect(await place.tag("b-0", "hibernate")).toEqual(place.contentOf("b-0"));
  });
});
