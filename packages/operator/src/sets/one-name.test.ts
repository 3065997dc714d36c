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

// `demo` in `shop` with a toolbox `x-0`, and `x` in `shop-demo`: both have a VM called vk-shop-demo-x-0.
const namespaces = { demo: "shop", x: "shop-demo" } as const;
type Name = keyof typeof namespaces;
const names = ["demo", "x"] as const satisfies readonly Name[];
const pods = ["demo-0", "demo-x-0", "demo-x-1", "x-0", "x-1"] as const;
const agent = { image: "a:1", mode: "run", replicas: 0 };
const toolboxes = ["x-0", "x-1"].map((name) => ({ name, image: "postgres:17", mode: "run" }));
const specs = { demo: { agent, toolboxes: [] }, x: { agent } } as const;

const namespaceOfPod = (pod: string): string => namespaces[pod.startsWith("demo-") ? "demo" : "x"];

const one = onPod(pods);

/** What happens to one of the sets. */
const onSet = (name: string, run: (world: World, set: Name) => void): fc.Arbitrary<Happening> =>
  fc.constantFrom(...names).map((set) =>
    happening(`${name} ${set}`, (world) => {
      run(world, set);
      world.ledger.dismisses(world);
    }),
  );

/** Works a set as it is now. */
const work = (world: World, set: Name): void => {
  world.remember();
  world.round(set, 0);
};

/** A set that is new, and that the operator has seen once. */
const create = (world: World, set: Name): void => {
  world.create(set, namespaces[set], specs[set]);
  work(world, set);
};

/** A set asks for the VM of which both may have one, and is worked at once. */
const asks = onSet("asks", (world, set) => {
  if (set === "demo") world.edit({ toolboxes }, set);
  else create(world, set);
  work(world, set);
});

const remove = (world: World, set: Name): void => {
  world.ledger.deletes(world, set);
  world.remove(world.sets.get(set));
};

const editOf = (name: string, spec: Record<string, unknown>): fc.Arbitrary<Happening> =>
  onSet(name, (world, set) => {
    world.edit(spec, set);
  });

const people: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 2 }).map((count) =>
      happening(`${count} toolboxes`, (world) => {
        world.edit({ toolboxes: toolboxes.slice(0, count) }, "demo");
        world.ledger.dismisses(world);
      }),
    ),
  },
  fc.integer({ min: 0, max: 1 }).map((replicas) =>
    happening(`${replicas} replicas`, (world) => {
      world.edit({ agent: { ...agent, replicas } }, "x");
      world.ledger.dismisses(world);
    }),
  ),
  fc.boolean().chain((suspend) => editOf(`suspend ${suspend}`, { suspend })),
  fc
    .constantFrom("always", "main-only", "never")
    .chain((snapshotPolicy) => editOf(`policy ${snapshotPolicy}`, { snapshotPolicy })),
  {
    weight: 2,
    arbitrary: onSet("create", create),
  },
  {
    weight: 2,
    arbitrary: onSet("put to sleep", (world, set) => {
      world.edit({ suspend: true }, set);
      for (let round = 0; round < 8; round++) everyone(world);
    }),
  },
  onSet("delete", remove),
  onSet("spoil", (world, set) => {
    world.spoil(set, true);
    // What has a pod is known all the same.
    for (const [name, pod] of world.pods) if (world.setNameOf(pod) === set) world.deletePod(name);
  }),
  onSet("mend", (world, set) => {
    world.spoil(set, false);
  }),
  one("hibernate", (world, pod) => {
    world.hibernate(pod, "Hibernate", namespaceOfPod(pod));
  }),
  one("delete the hibernation of", (world, pod) => {
    world.remove(world.hibernations.get(pod));
  }),
  one("delete", (world, pod) => {
    world.deletePod(pod);
  }),
);

const nodes = nodesOf(pods);

/** While one set is worked, people and other workers go on. */
const others = fc.oneof(nodes, people, asks, onSet("work", work));

const history = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: people },
    { weight: 1, arbitrary: asks },
    { weight: 4, arbitrary: progress },
    { weight: 6, arbitrary: nodes },
    { weight: 6, arbitrary: roundsOf([...names, ...names, ...pods], others) },
  ),
  { minLength: 20, maxLength: 100 },
);

describe("two sets whose VMs may have one name", () => {
  it("take no VM and no state from each other, and come to an end", { timeout: playTimeoutMs }, () => {
    fc.assert(
      fc.property(history, fc.boolean(), (happenings, areDeleted) => {
        const world = new World(specs.demo);
        for (let round = 0; round < 6; round++) everyone(world);
        for (const { run } of happenings) happens(world, run);
        for (const name of names) world.spoil(name, false);
        settle(world);
        if (areDeleted) {
          happens(world, () => {
            for (const name of names) remove(world, name);
            world.ledger.dismisses(world);
          });
          settle(world);
          expect([[...world.sets], [...world.pods]]).toEqual([[], []]);
        }
      }),
      { numRuns: runs },
    );
  });
});
