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

describe("the plans of sets and hibernations together", () => {
  it(
    "lose no VM's state, whatever happens in whatever order, and come to an end",
    { timeout: playTimeoutMs },
    () => {
      fc.assert(
        fc.property(history, fc.boolean(), (happenings, isDeleted) => {
          const world = newWorld();
          for (const { run } of happenings) happens(world, run);
          settle(world);
          if (isDeleted) {
            happens(world, () => {
              world.remove(world.set);
              world.ledger.dismisses(world);
            });
            settle(world);
            expect([world.set, [...world.pods]]).toEqual([undefined, []]);
          }
        }),
        { numRuns: runs },
      );
    },
  );
});
