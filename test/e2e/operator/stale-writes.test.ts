import { afterAll, beforeAll, describe, expect } from "vitest";
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

const slow = { delayMs: { start: 1_000, save: 1_500, show: 300 }, staleWrites: true };

describe("a node that undoes annotations with old copies of its pods", () => {
  scenario("34: a set is suspended while it boots", platform, async (place) => {
    place.setFaults({ "*": slow });
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.pods.untilIn("demo-0", "creating", 1);
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));
  });

  scenario("34: a set is woken while it is saved", platform, async (place) => {
    place.setFaults({ "*": slow });
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editSet("demo", { suspend: true });
    await place.pods.untilIn("demo-0", "hibernating", 2);
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    for (const name of ["demo-0", "demo-1"]) await place.untilNoTag(name, "hibernate");
    await place.untilPhase("CocoonSet", "demo", "Running");
  });

  scenario("34: a CocoonHibernation is turned round three times in a second", platform, async (place) => {
    place.setFaults({ "*": slow });
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.createHibernation("nap", "demo-0", "Hibernate");
    for (const desire of ["Wake", "Hibernate", "Wake"] as const) {
      // What the scenario is about: three times within a second.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await place.editHibernation("nap", desire);
    }
    await place.untilPhase("CocoonHibernation", "nap", "Active");
    await place.untilNoTag("demo-0", "hibernate");
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editHibernation("nap", "Hibernate");
    await place.untilPhase("CocoonHibernation", "nap", "Hibernated");
    expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));
  });
});
