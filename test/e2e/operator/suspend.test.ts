import { readHibernateState } from "@cocoonstack/common/meta";
import { describe, expect } from "vitest";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const recordsKey = "cocoonset.cocoonstack.io/snapshots";
const box = { name: "box", image: "ghcr.io/cocoonstack/box:1" };

describe("a CocoonSet that is suspended", () => {
  scenario("18: is Suspended again only after what it did meanwhile is saved", platform, async (place) => {
    const slept = ["demo-0", "demo-1", "demo-box"];
    const saveMs = 4_000;
    place.setFaults({ "*": { delayMs: { save: saveMs } } });
    const gateway = { name: "gw", mode: "static", staticIP: "10.0.0.9", staticVMID: "vm-9", vncPort: 5900 };
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box, gateway] });
    await place.untilPhase("CocoonSet", "demo", "Running");

    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    const first = await Promise.all(slept.map((name) => place.tag(name, "hibernate")));
    expect(first).toEqual(slept.map((name) => place.contentOf(name)));
    const gatewayPod = await place.pods.get("demo-gw");
    expect(gatewayPod && readHibernateState(gatewayPod)).toBe(false);

    await place.editSet("demo", { suspend: false });
    await place.until(
      "CocoonSet",
      "demo",
      "through with the snapshots",
      ({ metadata, status }) =>
        status?.phase === "Running" && metadata?.annotations?.[recordsKey] === undefined,
    );
    // As if the snapshots of before were there still: what is in them is no proof of what is saved now.
    for (const [index, name] of slept.entries()) {
      const content = first[index];
      if (content !== undefined) await place.pushTag(name, "hibernate", content);
    }
    const startMs = performance.now();
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    expect(performance.now() - startMs).toBeGreaterThan(saveMs);
    const second = await Promise.all(slept.map((name) => place.tag(name, "hibernate")));
    expect(second).toEqual(slept.map((name) => place.contentOf(name)));
    expect(second).not.toEqual(first);
  });

  scenario("19: brings pods that are deleted back from their snapshots", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    for (const name of ["demo-0", "demo-1"]) {
      // A guest that writes would be saved with what it wrote.
      place.platform.contents.rest(place.vmName(name));
      const before = await place.tag(name, "hibernate");
      const uid = (await place.pods.get(name))?.metadata.uid;
      await place.pods.remove(name);
      await place.pods.until(
        name,
        "asleep again",
        (pod) => pod.metadata.uid !== uid && readHibernateState(pod),
      );
      await place.pods.untilIn(name, "hibernated", 2);
      await place.untilPhase("CocoonSet", "demo", "Suspended");
      expect(place.startsOf(name).at(-1)).toBe("snapshot");
      expect(await place.tag(name, "hibernate")).toEqual(before);
    }
  });

  scenario("20: keeps its state when it is edited and woken", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    const uids = async (): Promise<unknown> =>
      Promise.all(["demo-0", "demo-1"].map(async (name) => (await place.pods.get(name))?.metadata.uid));
    const before = await uids();

    await place.editSet("demo", { agent: { image: "ghcr.io/cocoonstack/cocoon/ubuntu:26.04" } });
    const held = await place.untilReason("CocoonSet", "demo", "Blocked", "EditHeld");
    expect(conditionOf(held, "Blocked")?.message).toMatch(
      /image changed while the VM of pod demo-0 .*: undo the edit/,
    );
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.untilNoTag("demo-0", "hibernate");
    await place.untilNoTag("demo-1", "hibernate");
    await place.untilReason("CocoonSet", "demo", "Blocked", "EditHeld");
    expect(await uids()).toEqual(before);
    expect([place.startsOf("demo-0"), place.startsOf("demo-1")]).toEqual([
      ["image", "snapshot"],
      ["vm", "snapshot"],
    ]);
    await place.editSet("demo", { agent: { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" } });
    await place.untilReason("CocoonSet", "demo", "Blocked", "AsExpected");
    expect(await uids()).toEqual(before);
  });

  scenario("21: leaves no snapshots behind once its VMs live", platform, async (place) => {
    const names = ["demo-0", "demo-1", "demo-box"];
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box] });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    for (const name of names) expect(await place.tag(name, "hibernate")).toBeDefined();
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    for (const name of names) await place.untilNoTag(name, "hibernate");
  });

  scenario("22: comes back with its state when it is woken while it is saved", platform, async (place) => {
    place.setFaults({ "*": { delayMs: { save: 1_500 } } });
    await place.createSet("demo", { agent: { replicas: 1 } });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.editSet("demo", { suspend: true });
    await place.pods.untilIn("demo-0", "hibernating", 2);
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    for (const name of ["demo-0", "demo-1"]) await place.untilNoTag(name, "hibernate");
    expect(place.startsOf("demo-0")).toEqual(["image", "snapshot"]);
  });
});
