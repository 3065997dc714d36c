import fc from "fast-check";
import { expect } from "vitest";
import type { World } from "./world.js";

/** One thing that happens, to whomever. */
export type Run = (world: World) => void;

/** The same with a name, for whoever reads a history that went wrong. */
export interface Happening {
  readonly run: Run;
  readonly [fc.toStringMethod]: () => string;
}

export const happening = (name: string, run: Run): Happening => ({ run, [fc.toStringMethod]: () => name });

/** What happens to one of some pods. */
export const onPod =
  (pods: readonly string[]) =>
  (name: string, run: (world: World, pod: string) => void): fc.Arbitrary<Happening> =>
    fc.constantFrom(...pods).map((pod) =>
      happening(`${name} ${pod}`, (world) => {
        run(world, pod);
      }),
    );

/** What nodes, the registry and the clock do. */
export function nodesOf(pods: readonly string[]): fc.Arbitrary<Happening> {
  const one = onPod(pods);
  return fc.oneof(
    {
      weight: 12,
      arbitrary: one("step", (world, name) => {
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
      arbitrary: one("write stale", (world, name) => {
        world.node.writeStale(name);
      }),
    },
    {
      weight: 1,
      arbitrary: one("fail", (world, name) => {
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
}

/**
 * A round of the operator: of which object, by how old a view, after how many actions it is cut off, and what happens meanwhile.
 *
 * @param keys The names of sets and CocoonHibernations; one that is there more often is worked more often.
 */
export const roundsOf = (
  keys: readonly string[],
  meanwhileOnes: fc.Arbitrary<Happening>,
): fc.Arbitrary<Happening> =>
  fc
    .record({
      key: fc.constantFrom(...keys),
      age: fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 15),
      cutAfter: fc.constantFrom(0, 1, 2, 99, 99, 99),
      meanwhile: fc.array(meanwhileOnes, { maxLength: 3 }),
    })
    .map(({ key, age, cutAfter, meanwhile }) =>
      happening(
        `plan "${key}" ${age} old, cut after ${cutAfter}, meanwhile [${fc.stringify(meanwhile)}]`,
        (world) => {
          let done = 0;
          world.round(key, age, () => {
            meanwhile[done]?.run(world);
            world.ledger.check(world);
            return done++ < cutAfter;
          });
        },
      ),
    );

/** Everyone does their work for a while; most of what can go wrong needs a world that has come somewhere. */
export const progress: fc.Arbitrary<Happening> = fc.integer({ min: 1, max: 8 }).map((rounds) =>
  happening(`${rounds} rounds of everyone`, (world) => {
    for (let round = 0; round < rounds; round++) everyone(world);
  }),
);

/** One round of everyone, without faults. @returns Whether anybody had anything to do. */
export function everyone(world: World): boolean {
  let isBusy = false;
  for (const key of world.keys()) {
    isBusy = world.round(key, 0) || isBusy;
    world.remember();
  }
  for (const name of [...world.pods.keys()]) isBusy = world.node.step(name) || isBusy;
  world.remember();
  world.ledger.check(world);
  return isBusy;
}

/** Lets something happen, and asks whether the law still holds. */
export function happens(world: World, run: Run): void {
  run(world);
  world.remember();
  world.ledger.check(world);
  expect(world.ledger.violations).toEqual([]);
}

const mostRounds = 400;

const longestPauseMs = 4_000_000;

/** Lets everyone do their work without faults, until nobody has anything left to do, which has to be some time. */
export function settle(world: World): void {
  world.isRegistryUp = true;
  world.node.isPatient = true;
  let quietSinceMs = world.timeMs;
  for (let round = 1; round <= mostRounds; round++) {
    const isBusy = everyone(world);
    expect(world.ledger.violations).toEqual([]);
    if (isBusy) quietSinceMs = world.timeMs + longestPauseMs;
    // Whatever waits for a time has had it.
    else if (world.timeMs > quietSinceMs) return;
    world.timeMs += isBusy ? 1_000 : longestPauseMs;
  }
  expect.unreachable(`plans have not come to an end after ${mostRounds} rounds`);
}

/** How many histories are played. */
export const runs = Number(process.env["COCOON_LAW_RUNS"] ?? 100);

/** How long that may take on a machine that has much else to do. */
export const playTimeoutMs = 60_000 + runs * 5_000;
