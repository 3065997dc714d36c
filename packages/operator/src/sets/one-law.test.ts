import { vmAnnotations } from "@cocoonstack/common/meta";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  everyone,
  type Happening,
  happening,
  happens,
  nodesOf,
  onPod,
  playTimeoutMs,
  progress,
  roundsOf,
  runs,
  settle,
} from "../../../../test/support/operator/play.js";
import { World } from "../../../../test/support/operator/world.js";

const pods = ["demo-0", "demo-1", "demo-2", "demo-db"] as const;
const one = onPod(pods);
const db = { name: "db", image: "postgres:17", mode: "run" };

const imageEdit = (image: string): Happening =>
  happening(`edit image ${image}`, (world) => {
    const spec = world.set?.spec as { agent: { image: string } } | undefined;
    if (spec === undefined || spec.agent.image === image) return;
    world.edit({ agent: { ...spec.agent, image } });
    world.ledger.edits(world);
  });

const resize = (
  name: string,
  change: (spec: Record<string, unknown>) => Record<string, unknown>,
): Happening =>
  happening(name, (world) => {
    if (world.set === undefined) return;
    world.edit(change(world.set.spec));
    world.ledger.dismisses(world);
  });

const edit = (name: string, spec: Record<string, unknown>): Happening =>
  happening(name, (world) => {
    world.edit(spec);
  });

const people: fc.Arbitrary<Happening> = fc.oneof(
  fc.boolean().map((suspend) => edit(`suspend ${suspend}`, { suspend })),
  fc.constantFrom("a:1", "a:2").map(imageEdit),
  fc
    .integer({ min: 0, max: 2 })
    .map((replicas) =>
      resize(`replicas ${replicas}`, ({ agent }) => ({ agent: { ...(agent as object), replicas } })),
    ),
  fc.boolean().map((has) => resize(`toolbox ${has}`, () => ({ toolboxes: has ? [db] : [] }))),
  fc
    .constantFrom("always", "main-only", "never")
    .map((snapshotPolicy) => edit(`policy ${snapshotPolicy}`, { snapshotPolicy })),
  one("hibernate", (world, name) => {
    world.hibernate(name, "Hibernate");
  }),
  one("wake", (world, name) => {
    world.hibernate(name, "Wake");
  }),
  one("delete the hibernation of", (world, name) => {
    world.remove(world.hibernations.get(name));
  }),
  one("delete", (world, name) => {
    world.deletePod(name);
  }),
);

const nodes = nodesOf(pods);

const history = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: people },
    { weight: 4, arbitrary: progress },
    { weight: 6, arbitrary: nodes },
    { weight: 6, arbitrary: roundsOf(["demo", "demo", "demo", ...pods], nodes) },
  ),
  { minLength: 20, maxLength: 100 },
);

/** A world in which everything runs. */
function newWorld(): World {
  const agent = { image: "a:1", mode: "run", replicas: 1 };
  const world = new World({ agent, toolboxes: [db], snapshotPolicy: "always" });
  for (let round = 0; round < 12; round++) everyone(world);
  return world;
}

const removeSet = (world: World): void => {
  world.remove(world.set);
  world.ledger.dismisses(world);
};

/** VMs run until their pods go. */
function removeNamespace(world: World): void {
  world.node.touch();
  removeSet(world);
  for (const name of world.pods.keys()) world.deletePod(name);
}

/** How the set goes once a history is over: where everything has come to rest or in the middle of it, alone or with its namespace. */
const endings = {
  "not at all": settle,
  "once all rest": (world: World) => {
    settle(world);
    happens(world, removeSet);
  },
  "at once": (world: World) => {
    happens(world, removeSet);
  },
  "with its namespace": (world: World) => {
    happens(world, removeNamespace);
  },
  "with its namespace, after VMs came back unseen": (world: World) => {
    happens(world, (all) => {
      for (const name of all.pods.keys()) {
        all.takeOff(name, vmAnnotations.hibernate);
        for (let steps = 0; steps < 4; steps++) all.node.step(name);
      }
    });
    happens(world, removeNamespace);
  },
} as const;

/** Does what a set says that waits because of a VM whose state may be in the one tag or in the other. */
function decide(world: World, podName: string): void {
  const { conditions = [] } = (world.set?.status ?? {}) as { conditions?: readonly { message: string }[] };
  const vmName = `vk-shop-${podName}`;
  if (
    !conditions.some(({ message }) =>
      message.includes(`the state of ${podName} is in ${vmName}:hibernate or`),
    )
  )
    return;
  const kept = world.ledger.owedDigest(vmName);
  for (const tag of ["hibernate", "latest"]) {
    if (world.tags.get(`${vmName}:${tag}`)?.digest !== kept) world.tags.delete(`${vmName}:${tag}`);
  }
  settle(world);
}

describe("the plans of sets and hibernations together", () => {
  it(
    "lose no VM's state, whatever happens in whatever order, and come to an end",
    { timeout: playTimeoutMs },
    () => {
      const ending = fc.constantFrom(...(Object.keys(endings) as (keyof typeof endings)[]));
      fc.assert(
        fc.property(history, ending, (happenings, goes) => {
          const world = newWorld();
          for (const { run } of happenings) happens(world, run);
          endings[goes](world);
          settle(world);
          for (const podName of pods) decide(world, podName);
          if (goes !== "not at all") expect([world.set, [...world.pods]]).toEqual([undefined, []]);
        }),
        { numRuns: runs },
      );
    },
  );
});
