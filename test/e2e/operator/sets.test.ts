import { vmAnnotations } from "@cocoonstack/common/meta";
import { describe, expect } from "vitest";
import { mostAtOnce } from "../../support/audit-log.js";
import { addCrdField, installCrds } from "../../support/crds.js";
import type { CocoonObjects } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { scenario, soleScenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const image = "ghcr.io/cocoonstack/cocoon/ubuntu:24.04";
const box = { name: "db", image: "ghcr.io/cocoonstack/db:1" };
const gateway = { name: "gw", mode: "static", staticIP: "10.0.0.9", staticVMID: "vm-9", vncPort: 5900 };

const agents = (replicas: number): readonly string[] =>
  Array.from({ length: 1 + replicas }, (_, slot) => `demo-${slot}`);

const uidsOf = async (place: Place): Promise<ReadonlyMap<string, string | undefined>> => {
  const names = await place.pods.names();
  const pods = await Promise.all(names.map((name) => place.pods.get(name)));
  return new Map(names.map((name, index) => [name, pods[index]?.metadata.uid]));
};

/** Waits until everything of a set is said to run, of its spec as it stands now. */
const runs = (place: CocoonObjects): Promise<unknown> => place.untilPhase("CocoonSet", "demo", "Running");

/** How long is long enough to see that nothing happens any more: what replaces pods in a loop does so many times a second. */
const calmMs = 3_000;

describe("a CocoonSet", () => {
  scenario(
    "1: comes up main agent first, then the others, and says how far it is",
    platform,
    async (place) => {
      await using phases = await place.followPhases("CocoonSet", "demo");
      await using story = await place.followPods();
      await place.createSet("demo", { agent: { replicas: 2 }, toolboxes: [box, gateway] });
      const { status } = await place.untilPhase("CocoonSet", "demo", "Running");
      expect(await phases.soFar()).toEqual(["Pending", "Scaling", "Running"]);

      const others = ["demo-1", "demo-2", "demo-db", "demo-gw"];
      const told = await story.lines(2 * (1 + others.length));
      expect(told.slice(0, 2)).toEqual(["demo-0 is made", "demo-0 is ready"]);
      expect([...told.slice(2)].sort()).toEqual(
        others.flatMap((name) => [`${name} is made`, `${name} is ready`]),
      );

      const [main, fork] = [place.vmName("demo-0"), await place.pods.get("demo-2")];
      expect(fork?.metadata.annotations[vmAnnotations.forkFrom]).toBe(main);
      expect(fork?.spec.nodeName).toBe((await place.pods.get("demo-0"))?.spec.nodeName);
      const set = await place.get("CocoonSet", "demo");
      expect(set?.metadata?.generation).toBe(1);
      expect(status).toMatchObject({
        ...{ readyAgents: 3, desiredAgents: 3, readyToolboxes: 2, desiredToolboxes: 2 },
        agents: agents(2).map((podName, slot) => ({
          ...{ slot, podName, vmName: place.vmName(podName), phase: "Running" },
          ...(slot === 0 ? { role: "main" } : { role: "sub-agent", forkedFrom: main }),
        })),
        toolboxes: [
          { name: "db", podName: "demo-db", vmName: place.vmName("demo-db"), connType: "ssh" },
          { name: "gw", podName: "demo-gw", vmID: "vm-9", ip: "10.0.0.9", vncPort: 5900, connType: "vnc" },
        ],
      });
    },
  );

  scenario("2: grows by what is missing, eight at a time, beside its main agent", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 2 } });
    await runs(place);
    const before = await uidsOf(place);
    const creations = await place.watchCreations("pods");
    await place.editSet("demo", { agent: { replicas: 30 } });
    await runs(place);
    const after = await uidsOf(place);
    expect([...after.keys()].sort()).toEqual([...agents(30)].sort());
    for (const [name, uid] of before) expect(after.get(name)).toBe(uid);
    const main = await place.pods.get("demo-0");
    const forks = await Promise.all(
      agents(30)
        .slice(1)
        .map((name) => place.pods.get(name)),
    );
    expect(new Set(forks.map((pod) => pod?.spec.nodeName))).toEqual(new Set([main?.spec.nodeName]));
    expect(
      new Set(
        agents(30)
          .slice(1)
          .flatMap((name) => place.startsOf(name)),
      ),
    ).toEqual(new Set(["vm"]));
    const made = await creations();
    expect(made).toHaveLength(28);
    expect(mostAtOnce(made)).toBeLessThanOrEqual(8);
  });

  scenario("3: shrinks from the highest slot, and says nothing of what has gone", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 5 } });
    await runs(place);
    const before = await uidsOf(place);
    await place.editSet("demo", { agent: { replicas: 2 } });
    for (const name of ["demo-3", "demo-4", "demo-5"]) await place.pods.untilGone(name);
    const { status } = await place.until(
      "CocoonSet",
      "demo",
      "without those that went",
      (set) => set.status?.agents?.length === 3,
    );
    expect(status).toMatchObject({
      ...{ phase: "Running", readyAgents: 3, desiredAgents: 3 },
      agents: agents(2).map((podName) => ({ podName })),
    });
    expect([...(await uidsOf(place))]).toEqual([...before].slice(0, 3));
  });

  scenario("4: makes a main agent again that was deleted by hand", platform, async (place) => {
    await place.createSet("demo", { agent: { replicas: 2 } });
    await runs(place);
    const before = await uidsOf(place);
    place.giveUp("demo-0");
    await place.pods.remove("demo-0");
    await place.pods.until("demo-0", "another", ({ metadata }) => metadata.uid !== before.get("demo-0"));
    await runs(place);
    const after = await uidsOf(place);
    for (const name of ["demo-1", "demo-2"]) expect(after.get(name)).toBe(before.get(name));
  });
});

describe("a pod that is as its set asks for", () => {
  /** Nothing is replaced after `change`, of a set that runs. */
  async function staysThrough(place: Place, change: () => Promise<void>): Promise<void> {
    await runs(place);
    const before = await uidsOf(place);
    await using story = await place.followPods();
    await change();
    await runs(place);
    await new Promise((resolve) => setTimeout(resolve, calmMs));
    expect(await story.lines(0)).toEqual([]);
    expect(await uidsOf(place)).toEqual(before);
    await runs(place);
  }

  scenario("6: stays where an edit means the same", platform, async (place) => {
    const resources = { limits: { cpu: "1", memory: "1Gi" } };
    await place.createSet("demo", { agent: { replicas: 1, storage: "1Gi", resources }, toolboxes: [box] });
    await staysThrough(place, async () => {
      await place.editSet("demo", {
        agent: {
          storage: "1024Mi",
          serviceAccountName: "default",
          resources: { limits: { cpu: "1000m", memory: "1024Mi" } },
        },
      });
      await place.label("CocoonSet", "demo", { team: "shop" });
    });
  });

  scenario("7: stays where the API server fills in requests", platform, async (place) => {
    const resources = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1" } };
    await place.createSet("demo", { agent: { resources } });
    await staysThrough(place, () => Promise.resolve());
    expect(place.startsOf("demo-0")).toEqual(["image"]);
  });

  scenario("8: stays where a LimitRange fills in resources", platform, async (place) => {
    await place.createLimitRange({ default: { cpu: "3" }, defaultRequest: { cpu: "100m" } });
    await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box] });
    await staysThrough(place, () => Promise.resolve());
    expect(place.startsOf("demo-0")).toEqual(["image"]);
  });
});

describe("what people write", () => {
  scenario("37: stays theirs, and server-side apply meets no conflict", platform, async (place) => {
    const manifest = (tag: string): string =>
      JSON.stringify({
        apiVersion: "cocoonset.cocoonstack.io/v1",
        kind: "CocoonSet",
        metadata: { name: "demo", namespace: place.ns },
        spec: { nodePool: place.platform.pool, agent: { image: `${image}${tag}` }, toolboxes: [box] },
      });
    const { plane } = place.platform;
    const apply = (tag: string): ReturnType<typeof plane.kubectl> =>
      plane.kubectl(["apply", "--server-side", "--field-manager=ada", "-f", "-"], { stdin: manifest(tag) });
    expect(await apply("")).toMatchObject({ code: 0 });
    const set = await place.untilPhase("CocoonSet", "demo", "Running");
    expect(set.metadata).toMatchObject({
      generation: 1,
      finalizers: ["cocoonset.cocoonstack.io/finalizer"],
    });
    place.giveUp("demo-0");
    expect(await apply("-2")).toMatchObject({ code: 0 });
    await place.until(
      "CocoonSet",
      "demo",
      "of the second generation",
      ({ status }) => status?.observedGeneration === 2,
    );
    const applied = await place.untilPhase("CocoonSet", "demo", "Running");
    expect(applied.metadata?.generation).toBe(2);
  });

  soleScenario("37: survives where a newer CRD has a field for it", platform, async (place) => {
    const { plane } = place.platform;
    await addCrdField(plane, "cocoonsets", "hibernatePolicy");
    try {
      await place.createSet("demo", { agent: { replicas: 1 }, hibernatePolicy: "retain" });
      await runs(place);
      await place.editSet("demo", { suspend: true });
      await place.untilPhase("CocoonSet", "demo", "Suspended");
      await place.editSet("demo", { suspend: false });
      await runs(place);
      expect((await place.get("CocoonSet", "demo"))?.spec).toMatchObject({ hibernatePolicy: "retain" });
    } finally {
      await installCrds(plane);
    }
  });
});
