import { expect } from "vitest";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";
import { ShiftedClock } from "../../support/shifted-clock.js";

let clock: ShiftedClock;
// The operator goes by a clock that the test sets, instead of waiting for five minutes.
const platform = sharedPlatform(async (own) => {
  clock = await own.use(ShiftedClock.create());
  return { env: clock.env };
});

const minuteMs = 60_000;

/** Has the operator look at the sets again. */
const nudge = async (place: Place, look: string): Promise<void> => {
  for (const name of ["goes", "shrinks"]) {
    await place.annotate("CocoonSet", name, { "example.com/look": look });
  }
};

const toldOf = async (place: Place, name: string): Promise<readonly number[]> =>
  (await place.eventsOf(name, "DeletionStuck"))
    .filter(({ reason }) => reason === "DeletionStuck")
    .map(({ count }) => count);

scenario(
  "40: a deletion that the node agent never finishes is told of after five minutes, once, with the way out",
  platform,
  async (place) => {
    const { plane, pool } = place.platform;
    const left = { goes: "goes-0", shrinks: "shrinks-1" } as const;
    await place.createSet("goes");
    await place.createSet("shrinks", { agent: { replicas: 1 } });
    for (const name of ["goes", "shrinks"]) await place.untilPhase("CocoonSet", name, "Running");
    place.setFaults({ "*": { hang: ["destroy"] } });
    // Even four minutes are not enough.
    await clock.set(4 * minuteMs);
    await place.remove("CocoonSet", "goes");
    await place.editSet("shrinks", { agent: { replicas: 0 } });
    const since = async (podName: string): Promise<string> => {
      const pod = await place.pods.until(
        podName,
        "on its way out",
        ({ metadata }) => metadata.deletionTimestamp !== undefined,
      );
      return pod.metadata.deletionTimestamp ?? "";
    };
    const sinceWhen = { goes: await since(left.goes), shrinks: await since(left.shrinks) };
    const early = await place.untilReason("CocoonSet", "goes", "Ready", "Deleting");
    expect(conditionOf(early, "Progressing")?.message).toContain(
      "the annotation cocoonset.cocoonstack.io/force-cleanup=true lets it go",
    );
    for (const name of ["goes", "shrinks"]) {
      await place.untilReason("CocoonSet", name, "Degraded", "AsExpected");
    }

    await clock.set(5 * minuteMs + 5_000);
    await nudge(place, "after five minutes");
    for (const name of ["goes", "shrinks"] as const) {
      const seen = await place.untilReason("CocoonSet", name, "Degraded", "DeletionStuck");
      expect(conditionOf(seen, "Degraded")?.message).toBe(
        `pod ${left[name]} has been terminating since ${sinceWhen[name]}, and node ${pool} has not released it: ` +
          `look at the node agent there; kubectl delete pod ${left[name]} --namespace ${place.ns} --force gives the VM's state up`,
      );
      expect(await toldOf(place, name)).toEqual([1]);
    }

    // Whoever looks later, and whoever comes after, says it no second time.
    await clock.set(30 * minuteMs);
    await nudge(place, "much later");
    await place.platform.restartOperator();
    await place.createSet("other");
    // It was asked for after everything that there was at the start.
    await place.untilPhase("CocoonSet", "other", "Running");
    for (const name of ["goes", "shrinks"]) {
      await place.untilReason("CocoonSet", name, "Degraded", "DeletionStuck");
      expect(await toldOf(place, name)).toEqual([1]);
    }

    // The way out that the message names, and the agent's recovery.
    const forced = await plane.kubectl(["delete", "pod", left.goes, "--force", "--namespace", place.ns]);
    expect(forced).toMatchObject({ code: 0 });
    await place.untilGone("CocoonSet", "goes");
    place.setFaults({});
    await place.pods.untilGone(left.shrinks);
    await place.untilReason("CocoonSet", "shrinks", "Degraded", "AsExpected");
  },
);
