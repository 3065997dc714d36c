import fc from "fast-check";

// Random changes of workloads and pods, such as an API server stores: what decides whether they cost VMs varies, and
// nothing else.

type Fields = Readonly<Record<string, unknown>>;

/** An object to send. */
interface Manifest {
  readonly metadata: Fields;
  readonly spec: Fields;
}

/** One object before and after somebody's update. */
interface Change {
  readonly kind: string;
  readonly name: string;
  readonly before: Manifest;
  readonly after: Manifest;
}

const key = "virtual-kubelet.io/provider";

/** Cocoon's in several forms, and what only looks like it. */
const cocoon: readonly Fields[][] = [
  [{ key, operator: "Exists" }],
  [{ key, operator: "Equal", value: "cocoon", effect: "NoSchedule" }],
  [{ operator: "Exists" }, { key }],
];
const ordinary: readonly (Fields[] | undefined)[] = [
  undefined,
  [],
  [{ operator: "Exists" }],
  [{ key: "virtual-kubelet.io/Provider", operator: "Exists" }],
  [{ key: "virtual-kubelet.io/providers", operator: "Exists" }],
];

/** The more likely one three times out of four. */
const mostly = <T, U>(likely: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ arbitrary: likely, weight: 3 }, { arbitrary: other, weight: 1 });

const cocoonTolerations = fc.constantFrom(...cocoon);
const ordinaryTolerations = fc.constantFrom(...ordinary);
const start = fc.integer({ min: 0, max: 3 });

/** Fields of `spec` that decide, of each kind. */
const specFields: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  Deployment: { paused: fc.constantFrom(undefined, false, true, true) },
  StatefulSet: {
    ordinals: fc.option(fc.record({ start }), { nil: undefined }),
    updateStrategy: fc.oneof(
      fc.constantFrom(undefined, { type: "OnDelete" }, { type: "RollingUpdate" }),
      fc.record({ type: fc.constant("RollingUpdate"), rollingUpdate: fc.record({ partition: start }) }),
    ),
  },
  ReplicaSet: {},
  ReplicationController: {},
};

/** With the uid of nobody: where a garbage collector runs, it takes such objects away. */
const owner = (apiVersion: string, kind: string, controller?: boolean): Fields => ({
  apiVersion,
  kind,
  name: "owner",
  uid: "00000000-0000-4000-8000-000000000001",
  ...(controller === undefined ? {} : { controller }),
});

const workloadOwners = fc.constantFrom(
  undefined,
  [owner("apps/v1", "Deployment", true)],
  [owner("apps/v1", "Deployment", true)],
  [owner("apps/v1", "Deployment", false)],
  [owner("apps/v1", "Deployment")],
  [owner("apps.example.com/v1", "Deployment", true)],
  [owner("apps/v1", "StatefulSet", true)],
);

interface WorkloadParts {
  readonly replicas: number | undefined;
  readonly tolerations: readonly Fields[] | undefined;
  readonly fields: Fields;
}

function workloadObject(
  kind: string,
  name: string,
  owners: readonly Fields[] | undefined,
  { replicas, tolerations, fields }: WorkloadParts,
): Manifest {
  const labels = { app: name };
  const type = { apiVersion: kind === "ReplicationController" ? "v1" : "apps/v1", kind };
  return {
    ...type,
    metadata: { name, ...(owners && { ownerReferences: owners }) },
    spec: {
      ...fields,
      replicas,
      selector: kind === "ReplicationController" ? labels : { matchLabels: labels },
      ...(kind === "StatefulSet" && { serviceName: name }),
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "vm", image: "ubuntu:24.04" }], tolerations },
      },
    },
  };
}

/** An update that leaves each field as it was, or not. */
function updateOf(kind: string): fc.Arbitrary<{ before: WorkloadParts; after: WorkloadParts }> {
  const replicas = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
  const fields = fc.record(specFields[kind] ?? {});
  const before = fc.record({ replicas, tolerations: mostly(cocoonTolerations, ordinaryTolerations), fields });
  return before.chain((was) =>
    fc.record({
      before: fc.constant(was),
      after: fc.record({
        replicas: fc.oneof(fc.constant(was.replicas), replicas),
        tolerations: fc.oneof(fc.constant(was.tolerations), ordinaryTolerations),
        fields: fc.oneof(fc.constant(was.fields), fields),
      }),
    }),
  );
}

const workloadKinds = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"] as const;

/** `count` updates of workloads, as many of one kind as of another; the same ones for the same seed. */
export function generateWorkloadChanges(count: number, seed: number): readonly Change[] {
  const change = fc.constantFrom(...workloadKinds).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      owners: kind === "ReplicaSet" ? workloadOwners : fc.constant(undefined),
      update: updateOf(kind),
    }),
  );
  return fc.sample(change, { numRuns: count, seed }).map(({ kind, owners, update }, index) => {
    const name = `w-${index}`;
    return {
      kind,
      name,
      before: workloadObject(kind, name, owners, update.before),
      after: workloadObject(kind, name, owners, update.after),
    };
  });
}

const podOwners = fc.constantFrom(
  undefined,
  [owner("cocoonset.cocoonstack.io/v1", "CocoonSet", true)],
  [owner("cocoonset.cocoonstack.io/v2", "CocoonSet")],
  [owner("example.com/v1", "CocoonSet", true)],
  [owner("cocoonset.cocoonstack.io/v1", "CocoonHibernation")],
  [owner("v1", "Node"), owner("cocoonset.cocoonstack.io/v1", "CocoonSet")],
);

/** A pod before and after an update, which adds owners and tolerations: the latter can be added, never taken away. */
interface PodChange extends Change {
  /** The update as a JSON patch, because the API server adds tolerations of its own to what it stores. */
  readonly patch: readonly object[];
}

/** `count` updates of pods; the same ones for the same seed. */
export function generatePodChanges(count: number, seed: number): readonly PodChange[] {
  const podObject = (name: string, owners: unknown, tolerations: unknown): Manifest => ({
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: { name, ...(owners === undefined ? {} : { ownerReferences: owners }) },
    spec: { containers: [{ name: "vm", image: "ubuntu:24.04" }], tolerations },
  });
  const change = fc.record({
    owners: podOwners,
    had: mostly(ordinaryTolerations, cocoonTolerations),
    gains: mostly(cocoonTolerations, ordinaryTolerations),
  });
  return fc.sample(change, { numRuns: count, seed }).map(({ owners, had, gains }, index) => {
    const name = `p-${index}`;
    const added = gains ?? [];
    return {
      kind: "Pod",
      name,
      before: podObject(name, undefined, had),
      after: podObject(name, owners, [...(had ?? []), ...added]),
      patch: [
        ...(owners ? [{ op: "add", path: "/metadata/ownerReferences", value: owners }] : []),
        ...added.map((value) => ({ op: "add", path: "/spec/tolerations/-", value })),
      ],
    };
  });
}
