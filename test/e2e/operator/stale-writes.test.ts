import { specAnnotations, vmAnnotations } from "@cocoonstack/common/meta";
import { describe, expect } from "vitest";
import type { LivePod } from "../../support/node/pods-in.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

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

  scenario("34: what its node undoes is asked for again", platform, async (place) => {
    await using stamps = await place.followPod(
      "demo-0",
      ({ metadata }) => metadata.annotations[specAnnotations.generation],
    );
    place.setFaults({ "*": { ...slow, hang: ["start"] } });
    await place.createSet("demo");
    await place.pods.untilIn("demo-0", "creating", 1);
    await place.editSet("demo", { agent: { probePort: 22 } });
    const isStamped = ({ metadata: { annotations } }: LivePod): boolean =>
      annotations[specAnnotations.generation] === "2" && annotations[vmAnnotations.probePort] === "22";
    await place.pods.until("demo-0", "stamped anew", isStamped);
    place.setFaults({ "*": slow });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.pods.untilIn("demo-0", "ready", 2);
    await place.pods.until("demo-0", "stamped anew still", isStamped);
    // To the new one, back by its node, and there again; its node may do so more than once.
    expect((await stamps.soFar()).slice(0, 4)).toEqual(["1", "2", "1", "2"]);

    // The flag, as a copy of before it was set has it, and one of before it was taken away. Its node would write a later one over these.
    const byHand = { ...slow, staleWrites: false };
    place.setFaults({ "*": { ...byHand, hang: ["save"] } });
    await place.editSet("demo", { suspend: true });
    await place.pods.untilIn("demo-0", "hibernating", 3);
    await place.pods.annotate("demo-0", { [vmAnnotations.hibernate]: null });
    place.setFaults({ "*": byHand });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    expect(await place.tag("demo-0", "hibernate")).toEqual(place.contentOf("demo-0"));

    place.setFaults({ "*": { ...byHand, hang: ["start"] } });
    await place.editSet("demo", { suspend: false });
    await place.pods.untilIn("demo-0", "creating", 4);
    await place.pods.annotate("demo-0", { [vmAnnotations.hibernate]: "true" });
    place.setFaults({ "*": byHand });
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect(place.startsOf("demo-0").slice(0, 2)).toEqual(["image", "snapshot"]);
    await place.untilNoTag("demo-0", "hibernate");
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
