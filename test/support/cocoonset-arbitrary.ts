import fc from "fast-check";

type Fields = Record<string, unknown>;

/** A CocoonSet while it is made: mostly valid, but whatever an edit has written into it. */
interface Draft {
  spec: Fields & { agent: Fields; toolboxes: Fields[] };
  [key: string]: unknown;
}

/** One change of a valid CocoonSet; most of them break a rule, some only look as if they did. */
interface Edit {
  readonly name: string;
  readonly apply: (draft: Draft) => void;
}

/** A CocoonSet as somebody might send it, and how it differs from a valid one. */
export interface GeneratedCocoonSet {
  readonly document: unknown;
  /** The names of the edits that were made to a valid CocoonSet. */
  readonly edits: readonly string[];
}

const ociImages = [
  "ubuntu:24.04",
  "ghcr.io/example/ubuntu:24.04",
  "registry/https://x",
  "HTTPS://x/y",
  " http://x",
];
const urls = ["http://images.example.com/a.img", "https://images.example.com/a.qcow2", "http://", "https://"];
const longestImage = 4096;

const maybe = <T>(...values: T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);

const toolboxName = fc.oneof(
  fc.constantFrom("db", "web", "jump", "1e3", "0x1", "a", "0-0", `${"9".repeat(62)}x`),
  fc.stringMatching(/^[a-z0-9][-a-z0-9]{0,8}[a-z]$/),
);

/** What VMs have besides the fields of which the rules between fields speak. */
const bystanders = {
  connType: maybe("ssh", "rdp", "vnc", "adb"),
  network: maybe("", "lan"),
  forcePull: maybe(true, false),
  noDirectIO: maybe(true),
  probePort: maybe(0, 22, 65535),
  storage: maybe<unknown>("20Gi", 5, "1.5G", "1e3", "+0.5Ki"),
  resources: maybe({}, { limits: { cpu: 2, memory: "4Gi" }, requests: { cpu: "500m" } }),
};

const booted = (firecracker: boolean, modes: string[]): Record<string, fc.Arbitrary<unknown>> =>
  firecracker
    ? {
        backend: fc.constant("firecracker"),
        image: fc.constantFrom(...ociImages),
        mode: fc.constant("run"),
        os: maybe("linux", "android"),
      }
    : {
        backend: maybe("cloud-hypervisor"),
        image: fc.constantFrom(...ociImages, ...urls),
        mode: maybe(...modes),
        os: maybe("linux", "windows", "android"),
      };

const agent = (firecracker: boolean): fc.Arbitrary<Fields> =>
  fc.record({
    ...booted(firecracker, ["clone", "run"]),
    ...bystanders,
    replicas: maybe(0, 1, 3, 2 ** 31 - 1),
    serviceAccountName: maybe("", "agents"),
    envFrom: maybe([], [{ configMapRef: { name: "env" }, prefix: "APP_" }, { secretRef: {} }]),
  });

const bootedToolbox = (firecracker: boolean): fc.Arbitrary<Fields> =>
  fc.record({
    ...booted(firecracker, ["run", "clone"]),
    ...bystanders,
    name: toolboxName,
    vncPort: maybe(0, 5900),
  });

/** Nothing is asked of how a static toolbox would boot, so it is given what is refused elsewhere. */
const staticToolbox = fc.record({
  ...bystanders,
  name: toolboxName,
  mode: fc.constant("static"),
  staticIP: fc.constantFrom("10.0.0.5", "not an address"),
  staticVMID: fc.constant("vm-1"),
  backend: maybe("cloud-hypervisor", "firecracker"),
  os: maybe("linux", "windows"),
  image: maybe("", ...ociImages, ...urls),
});

const validDraft: fc.Arbitrary<Draft> = fc.boolean().chain((firecracker) =>
  fc.record({
    spec: fc.record({
      agent: agent(firecracker),
      toolboxes: fc.uniqueArray(fc.oneof(bootedToolbox(firecracker), staticToolbox), {
        selector: ({ name }) => name,
        maxLength: 3,
      }),
      suspend: maybe(true, false),
      snapshotPolicy: maybe("always", "main-only", "never"),
      nodePool: maybe("", "gpu"),
    }),
  }),
);

const inSpec = (name: string, change: Fields): Edit => ({
  name: `spec: ${name}`,
  apply: ({ spec }) => Object.assign(spec, structuredClone(change)),
});
const inAgent = (name: string, change: Fields): Edit => ({
  name: `agent: ${name}`,
  apply: ({ spec }) => Object.assign(spec.agent, structuredClone(change)),
});
/** A further toolbox, the `index`-th from the end, that is valid but for the change. */
const inNewToolbox = (name: string, change: Fields, index = 0): Edit => ({
  name: `new toolbox: ${name}`,
  apply: ({ spec }) => {
    const { backend } = spec.agent;
    const toolbox = { name: `new-${spec.toolboxes.length}`, image: "ubuntu:24.04", mode: "run", backend };
    spec.toolboxes.splice(spec.toolboxes.length - index, 0, { ...toolbox, ...structuredClone(change) });
  },
});
/** Changes the first toolbox, where there is one. */
const inToolbox = (name: string, change: Fields): Edit => ({
  name: `toolbox: ${name}`,
  apply: ({ spec }) => Object.assign(spec.toolboxes[0] ?? {}, structuredClone(change)),
});
const inDocument = (name: string, change: Fields): Edit => ({
  name: `document: ${name}`,
  apply: (draft) => Object.assign(draft, structuredClone(change)),
});

/** An agent on firecracker and nothing beside it, so that a change can break one rule alone. */
const firecrackerOnly = (edit: Edit): Edit => ({
  name: `firecracker, ${edit.name}`,
  apply: (draft) => {
    draft.spec.toolboxes = [];
    Object.assign(draft.spec.agent, {
      backend: "firecracker",
      mode: "run",
      os: "linux",
      image: "ubuntu:24.04",
    });
    edit.apply(draft);
  },
});
const otherBackend: Edit = {
  name: "new toolbox: the other backend",
  apply: (draft) => {
    const backend = draft.spec.agent["backend"] === "firecracker" ? "cloud-hypervisor" : "firecracker";
    inNewToolbox("", { backend }).apply(draft);
  },
};
const repeatedName: Edit = {
  name: "new toolbox: a name that is taken",
  apply: (draft) => {
    inNewToolbox("", { name: "taken" }).apply(draft);
    inNewToolbox("", { name: "taken" }, draft.spec.toolboxes.length - 1).apply(draft);
  },
};

/** For every rule of the policy and of the CRD, at least one edit that breaks it alone. */
const breaking: readonly Edit[] = [
  inSpec("snapshotPolicy unknown", { snapshotPolicy: "sometimes" }),
  inAgent("no image", { image: undefined }),
  inAgent("replicas negative", { replicas: -1 }),
  inAgent("mode unknown", { mode: "static" }),
  inAgent("os unknown", { os: "plan9" }),
  inAgent("backend unknown", { backend: "qemu" }),
  inAgent("connType unknown", { connType: "telnet" }),
  firecrackerOnly(inAgent("windows", { os: "windows" })),
  firecrackerOnly(inAgent("http", { image: "http://x/y.img" })),
  firecrackerOnly(inAgent("https", { image: "https://x/y.img" })),
  firecrackerOnly(inAgent("clone", { mode: "clone" })),
  firecrackerOnly(inAgent("clone by default", { mode: undefined })),
  inNewToolbox("no name", { name: undefined }),
  inNewToolbox("name not a label", { name: "Upper" }),
  inNewToolbox("name of digits", { name: "007" }),
  repeatedName,
  inNewToolbox("mode unknown", { mode: "fork" }),
  inNewToolbox("no image", { image: undefined }),
  inNewToolbox("os unknown", { os: "plan9" }),
  inNewToolbox("connType unknown", { connType: "telnet" }),
  inNewToolbox("backend unknown", { backend: "qemu" }),
  otherBackend,
  firecrackerOnly(inNewToolbox("windows", { os: "windows" })),
  firecrackerOnly(inNewToolbox("http", { image: "http://x/y.img" })),
  firecrackerOnly(inNewToolbox("https", { image: "https://x/y.img" })),
  firecrackerOnly(inNewToolbox("clone", { mode: "clone" })),
  inNewToolbox("static without an address", { mode: "static", staticVMID: "vm-1" }),
  inNewToolbox("static without an id", { mode: "static", staticIP: "10.0.0.5" }),
];

const integers = [
  -(2 ** 31),
  -1,
  0,
  1,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  1e30,
];
const notIntegers = [1.5, 22.00000001, "1", true, [], {}];
const goodQuantities = [
  "0",
  "1Ki",
  "500m",
  ".5",
  "5.",
  "-1",
  "1E",
  "1E3",
  "1e-3",
  "+1n",
  "9".repeat(30),
  0,
  -1,
  2 ** 53,
];
const oddQuantities = [
  "",
  "Gi",
  ".",
  " 1Gi",
  "1Gi ",
  "10GB",
  "1e1.5",
  "1e.5",
  "1e",
  "1e99999999999999999999",
  "0x1",
];
const oddNumbers = [0.5, 1e15 + 0.5, 2 ** 63, -(2 ** 63), 1e20, 1e30, 1e300];
const notQuantities = [true, [], {}];
const quantities = [...goodQuantities, ...oddQuantities, ...oddNumbers, ...notQuantities];

/** What may stand in the fields that agents and toolboxes share. */
const vmFields: Readonly<Record<string, readonly unknown[]>> = {
  image: [
    "",
    null,
    undefined,
    7,
    ...ociImages,
    ...urls,
    "x".repeat(longestImage),
    "x".repeat(longestImage + 1),
  ],
  mode: ["", null, undefined, "clone", "run", "static", "fork", "Run", 1],
  os: ["", null, undefined, "linux", "windows", "android", "plan9", "LINUX", {}],
  backend: ["", null, undefined, "cloud-hypervisor", "firecracker", "qemu", []],
  connType: ["", null, undefined, "ssh", "rdp", "vnc", "adb", "telnet", false],
  network: [null, "", 5],
  forcePull: [null, false, "true", 1],
  noDirectIO: [null, true, "no"],
  probePort: [null, ...integers, ...notIntegers],
  storage: [null, ...quantities],
  resources: [null, {}, [], { limits: null }, { claims: null, requests: {} }, { limits: [] }],
};
const agentFields: typeof vmFields = {
  ...vmFields,
  replicas: [null, ...integers, ...notIntegers],
  serviceAccountName: [null, "", 5],
  envFrom: [
    ...[null, [], {}, [null], ["x"], [{}], [{ prefix: 1 }], [{ configMapRef: null }]],
    ...[
      [{ configMapRef: { name: null, optional: null } }],
      [{ secretRef: { name: 5 } }],
      [{ secretRef: "x" }],
    ],
  ],
};
const toolboxFields: typeof vmFields = {
  ...vmFields,
  name: [
    ...["", null, undefined, 7, "db", "9", "9".repeat(20), "9".repeat(63), "9".repeat(64), "1e3", "UPPER"],
    ...["a.b", "-a", "a-", "a\n", "a\n7", "é", "٣", "-", "a".repeat(63), "a".repeat(64), "taken"],
  ],
  vncPort: [null, ...integers, ...notIntegers],
  staticIP: ["", null, undefined, "10.0.0.5", 10],
  staticVMID: ["", null, undefined, "vm-1", 1],
};
const specFields: typeof vmFields = {
  suspend: [null, true, "true"],
  snapshotPolicy: ["", null, undefined, "always", "main-only", "never", "Always", 1],
  nodePool: [null, "", 5],
  unknownField: [null, 5, { deep: [null] }],
};

const resources: fc.Arbitrary<Fields> = fc.oneof(
  fc
    .tuple(fc.constantFrom("limits", "requests"), fc.constantFrom(null, ...quantities))
    .map(([key, quantity]) => ({ [key]: { cpu: "1", "example.com/gpu": quantity } })),
  fc
    .constantFrom<unknown[][]>(
      ...[[], [null], ["x"], [{}], [{ name: null }], [{ name: "a", request: 1 }], [{ name: "" }]],
      ...[
        [{ name: "a" }, { name: "b" }],
        [{ name: "a" }, { name: "a", request: "x" }],
      ],
    )
    .map((claims) => ({ claims })),
);

type Place = (name: string, change: Fields) => Edit;

const shown = (value: unknown): string =>
  value === undefined ? "unset" : JSON.stringify(value).slice(0, 40);

/** One of the fields, and one of the values that may stand in it. */
const anyOf = (place: Place, fields: typeof vmFields): fc.Arbitrary<Edit> =>
  fc
    .constantFrom(...Object.keys(fields))
    .chain((key) =>
      fc
        .constantFrom(...(fields[key] ?? []))
        .map((value) => place(`${key} ${shown(value)}`, { [key]: value })),
    );

const toolboxPlace: fc.Arbitrary<Place> = fc.constantFrom<Place>(inToolbox, inNewToolbox, inNewToolbox);

const staticChange: fc.Arbitrary<Edit> = fc
  .tuple(
    toolboxPlace,
    anyOf((_, change) => ({ name: "", apply: (d) => Object.assign(d, change) }), toolboxFields),
  )
  .map(([place, { apply }]) => {
    const change: Fields = { mode: "static", staticIP: "10.0.0.5", staticVMID: "vm-1" };
    apply(change as Draft);
    return place(`static ${JSON.stringify(change).slice(0, 90)}`, change);
  });

const tooMany: Fields[] = Array.from({ length: 1001 }, (_, index) => ({
  name: `t${index}`,
  mode: "static",
  staticIP: "10.0.0.5",
  staticVMID: "vm",
}));

/** Edits that leave nothing of what others look for; they are made last. */
const structural: fc.Arbitrary<Edit> = fc.constantFrom(
  inSpec("agent null", { agent: null }),
  inSpec("agent unset", { agent: undefined }),
  inSpec("agent a list", { agent: [] }),
  inSpec("agent empty", { agent: {} }),
  inSpec("toolboxes null", { toolboxes: null }),
  inSpec("toolboxes unset", { toolboxes: undefined }),
  inSpec("toolboxes an object", { toolboxes: {} }),
  inSpec("toolboxes with null", { toolboxes: [null] }),
  inSpec("toolboxes with a text", { toolboxes: ["db"] }),
  inSpec("toolboxes with an empty one", { toolboxes: [{}] }),
  inSpec("toolboxes, a thousand", { toolboxes: tooMany.slice(1) }),
  inSpec("toolboxes, too many", { toolboxes: tooMany }),
  inDocument("spec null", { spec: null }),
  inDocument("spec unset", { spec: undefined }),
  inDocument("spec empty", { spec: {} }),
  inDocument("spec a text", { spec: "x" }),
  inDocument("spec a list", { spec: [] }),
  inDocument("status", { status: { phase: "Running", agents: [{ slot: 0, role: "main" }] } }),
  inDocument("status with an unknown phase", { status: { phase: "Sleeping" } }),
  inDocument("status of the wrong type", { status: { readyAgents: "1" } }),
  inDocument("an unknown field", { unknownField: { spec: null } }),
);

const someEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...breaking) },
  { weight: 1, arbitrary: anyOf(inSpec, specFields) },
  { weight: 4, arbitrary: anyOf(inAgent, agentFields) },
  { weight: 4, arbitrary: toolboxPlace.chain((place) => anyOf(place, toolboxFields)) },
  { weight: 2, arbitrary: staticChange },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(fc.constant<Place>(inAgent), toolboxPlace), resources)
      .map(([place, value]) => place(`resources ${JSON.stringify(value)}`, { resources: value })),
  },
);

/** Firecracker's rules need several fields to come together, which edits of single fields seldom do. */
const firecrackerEdits: fc.Arbitrary<readonly Edit[]> = fc
  .array(someEdit, { maxLength: 2 })
  .map((edits) => [firecrackerOnly({ name: "base", apply: () => undefined }), ...edits]);

const someEdits: fc.Arbitrary<readonly Edit[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 5, arbitrary: fc.array(someEdit, { minLength: 1, maxLength: 1 }) },
  { weight: 4, arbitrary: fc.array(someEdit, { minLength: 2, maxLength: 4 }) },
  { weight: 2, arbitrary: firecrackerEdits },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.array(someEdit, { maxLength: 1 }), structural)
      .map(([edits, last]) => [...edits, last]),
  },
);

function edited(draft: Draft, edits: readonly Edit[]): GeneratedCocoonSet {
  const copy = structuredClone(draft);
  for (const edit of edits) edit.apply(copy);
  // Once through JSON, so that every decider sees what goes over the wire: fields that are undefined are not there.
  return { document: JSON.parse(JSON.stringify(copy)) as unknown, edits: edits.map(({ name }) => name) };
}

/** CocoonSets without a name or kind that are valid or nearly so. */
const cocoonSet: fc.Arbitrary<GeneratedCocoonSet> = fc
  .tuple(validDraft, someEdits)
  .map(([draft, edits]) => edited(draft, edits));

/**
 * So many CocoonSets, always the same for the same seed. The first ones break each rule alone, so that even a small run
 * leaves none out; the others are at random.
 */
export function generateCocoonSets(count: number, seed: number): readonly GeneratedCocoonSet[] {
  const drafts = fc.sample(validDraft, { numRuns: breaking.length, seed });
  const alone = breaking.map((edit, index) => edited(drafts[index] ?? emptyDraft(), [edit]));
  return [...alone, ...fc.sample(cocoonSet, { numRuns: Math.max(1, count - alone.length), seed })];
}

const emptyDraft = (): Draft => ({ spec: { agent: {}, toolboxes: [] } });
