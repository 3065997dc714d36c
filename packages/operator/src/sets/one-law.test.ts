import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { World } from "../../../../test/support/operator/world.js";

const pods = ["demo-0", "demo-1", "demo-2", "demo-db"] as const;
const pod = fc.constantFrom(...pods);
const db = { name: "db", image: "postgres:17", mode: "run" };

/** One thing that happens, to whomever. */
type Run = (world: World) => void;

/** The same with a name, for whoever reads a history that went wrong. */
interface Happening {
  readonly run: Run;
  readonly [fc.toStringMethod]: () => string;
}

const happening = (name: string, run: Run): Happening => ({ run, [fc.toStringMethod]: () => name });

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

const onPod = (name: string, run: (world: World, pod: string) => void): fc.Arbitrary<Happening> =>
  pod.map((one) =>
    happening(`${name} ${one}`, (world) => {
      run(world, one);
    }),
  );

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
  onPod("hibernate", (world, name) => {
    world.hibernate(name, "Hibernate");
  }),
  onPod("wake", (world, name) => {
    world.hibernate(name, "Wake");
  }),
  onPod("delete the hibernation of", (world, name) => {
    world.remove(world.hibernations.get(name));
  }),
  onPod("delete", (world, name) => {
    world.deletePod(name);
  }),
);

const nodes: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: onPod("step", (world, name) => {
      world.node.step(name);
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constant(
      happening("change", (world) => {
        world.node.touch();
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: onPod("write stale", (world, name) => {
      world.node.writeStale(name);
    }),
  },
  {
    weight: 1,
    arbitrary: onPod("fail", (world, name) => {
      world.node.fail(name);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map((isUp) =>
      happening(`registry ${isUp ? "up" : "down"}`, (world) => {
        world.isRegistryUp = isUp;
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1_000, 40_000, 400_000, 4_000_000).map((passedMs) =>
      happening(`${passedMs} ms pass`, (world) => {
        world.timeMs += passedMs;
      }),
    ),
  },
);

const keeps =
  (world: World) =>
  (vmName: string): boolean => {
    const policy = world.set?.spec["snapshotPolicy"] ?? "always";
    return policy === "always" || (policy === "main-only" && vmName === "vk-shop-demo-0");
  };

/** A round of the operator: of which object, by how old a view, after how many actions it is cut off, and what happens meanwhile. */
const operator: fc.Arbitrary<Happening> = fc
  .record({
    key: fc.constantFrom("", "", "", ...pods),
    age: fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 15),
    cutAfter: fc.constantFrom(0, 1, 2, 99, 99, 99),
    meanwhile: fc.array(nodes, { maxLength: 3 }),
  })
  .map(({ key, age, cutAfter, meanwhile }) =>
    happening(
      `plan "${key}" ${age} old, cut after ${cutAfter}, meanwhile [${fc.stringify(meanwhile)}]`,
      (world) => {
        let done = 0;
        world.round(key, age, () => {
          meanwhile[done]?.run(world);
          world.ledger.check(world, keeps(world));
          return done++ < cutAfter;
        });
      },
    ),
  );

/** Everyone does their work for a while; most of what can go wrong needs a world that has come somewhere. */
const progress: fc.Arbitrary<Happening> = fc.integer({ min: 1, max: 8 }).map((rounds) =>
  happening(`${rounds} rounds of everyone`, (world) => {
    for (let round = 0; round < rounds; round++) everyone(world);
  }),
);

/** One round of everyone, without faults. @returns Whether anybody had anything to do. */
function everyone(world: World): boolean {
  let isBusy = false;
  for (const key of world.keys()) {
    isBusy = world.round(key, 0) || isBusy;
    world.remember();
  }
  for (const name of [...world.pods.keys()]) isBusy = world.node.step(name) || isBusy;
  world.remember();
  world.ledger.check(world, keeps(world));
  return isBusy;
}

const history = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: people },
    { weight: 4, arbitrary: progress },
    { weight: 6, arbitrary: nodes },
    { weight: 6, arbitrary: operator },
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

function happens(world: World, run: Run): void {
  run(world);
  world.remember();
  world.ledger.check(world, keeps(world));
  expect(world.ledger.violations).toEqual([]);
}

const mostRounds = 400;

/** Lets everyone do their work without faults, until nobody has anything left to do. @returns The number of rounds. */
function settle(world: World): number {
  world.isRegistryUp = true;
  let quietSinceMs = world.timeMs;
  for (let round = 1; round <= mostRounds; round++) {
    const isBusy = everyone(world);
    expect(world.ledger.violations).toEqual([]);
    if (isBusy) quietSinceMs = world.timeMs + longestPauseMs;
    // Whatever waits for a time has had it.
    else if (world.timeMs > quietSinceMs) return round;
    world.timeMs += isBusy ? 1_000 : longestPauseMs;
  }
  return Infinity;
}

const longestPauseMs = 4_000_000;

const runs = Number(process.env["COCOON_LAW_RUNS"] ?? 100);

describe("the plans of sets and hibernations together", () => {
  it(
    "lose no VM's state, whatever happens in whatever order, and come to an end",
    { timeout: 60_000 + runs * 1_000 },
    () => {
      fc.assert(
        fc.property(history, fc.boolean(), (happenings, isDeleted) => {
          const world = newWorld();
          for (const { run } of happenings) happens(world, run);
          expect(settle(world)).toBeLessThan(mostRounds);
          if (isDeleted) {
            happens(world, (one) => {
              one.remove(one.set);
              one.ledger.dismisses(one);
            });
            expect(settle(world)).toBeLessThan(mostRounds);
            expect([world.set, [...world.pods]]).toEqual([undefined, []]);
          }
        }),
        { numRuns: runs },
      );
    },
  );
});
