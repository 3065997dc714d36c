import { readFileSync } from "node:fs";
import path from "node:path";
import { parsesAsQuantity, validateCocoonSet } from "@cocoonstack/common/apis/v1";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decideCocoonSet } from "../../packages/webhook/src/policy/cocoonset.js";
import type { Decision } from "../../packages/webhook/src/policy/decision.js";
import { admissionRequest } from "../support/admission-request.js";
import { admitted } from "../support/admitted.js";
import { type GeneratedCocoonSet, generateCocoonSets } from "../support/cocoonset-arbitrary.js";
import { until } from "../support/eventually.js";
import { numberFromEnv } from "../support/number-from-env.js";
import { namespace } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

// Three deciders judge the same random CocoonSets: the shipped CRD (schema and CEL) on the API server, the webhook's
// policy on what the API server hands it, and the runtime schema with the policy, offline. Where they differ, a line of
// the table below says why. A line excuses the one value that it speaks of and nothing beside it: that value is mended, and
// of what is left the three have to think alike.

const plane = sharedControlPlane();
const ns = "deciders-e2e";
const repository = path.resolve(import.meta.dirname, "../..");
const url = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${ns}/cocoonsets?dryRun=All&fieldValidation=Ignore`;

const runs = numberFromEnv("COCOON_DECIDER_RUNS", 300);
const seed = numberFromEnv("COCOON_DECIDER_SEED", Date.now() % 2 ** 31);
/** From here on a line of the table that never applied is told: it may be out of date, or the generator too tame. */
const bigRun = 2000;

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A field that may be odd, and the object that has it. */
interface Place {
  readonly holder: Fields;
  readonly key: string;
}
const at = (holder: Fields, ...keys: readonly string[]): readonly Place[] =>
  keys.map((key) => ({ holder, key }));

/** A document, taken apart: the places of what the table speaks of. What has the wrong type has no places in it. */
class Parts {
  readonly document: Fields;
  readonly spec: Fields;
  readonly agent: Fields;
  readonly toolboxes: readonly Fields[];

  constructor(document: unknown) {
    this.document = fieldsOf(document);
    this.spec = fieldsOf(this.document["spec"]);
    this.agent = fieldsOf(this.spec["agent"]);
    this.toolboxes = listOf(this.spec["toolboxes"]).map(fieldsOf);
  }

  get vms(): readonly Fields[] {
    return [this.agent, ...this.toolboxes];
  }

  get resources(): readonly Fields[] {
    return this.vms.map((vm) => fieldsOf(vm["resources"]));
  }

  get enums(): readonly Place[] {
    const ofVMs = this.vms.flatMap((vm) => at(vm, "mode", "os", "backend", "connType"));
    return [...at(this.spec, "snapshotPolicy"), ...ofVMs];
  }

  get quantities(): readonly Place[] {
    const maps = this.resources.flatMap(({ limits, requests }) => [fieldsOf(limits), fieldsOf(requests)]);
    const ofMaps = maps.flatMap((map) => at(map, ...Object.keys(map)));
    return [...this.vms.flatMap((vm) => at(vm, "storage")), ...ofMaps];
  }

  get ports(): readonly Place[] {
    return [
      ...this.vms.flatMap((vm) => at(vm, "probePort")),
      ...this.toolboxes.flatMap((vm) => at(vm, "vncPort")),
    ];
  }

  get integers(): readonly Place[] {
    return [...at(this.agent, "replicas"), ...this.ports];
  }

  get claims(): readonly Place[] {
    return this.resources.flatMap((resources) => at(resources, "claims"));
  }

  get lists(): readonly Place[] {
    return [...at(this.spec, "toolboxes"), ...at(this.agent, "envFrom"), ...this.claims];
  }
}

const vmWords: Readonly<Record<string, readonly unknown[]>> = {
  os: ["linux", "windows", "android"],
  backend: ["cloud-hypervisor", "firecracker"],
  connType: ["ssh", "rdp", "vnc", "adb"],
};
/** As Kubernetes' own CRDs have it. */
const quantityPattern =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;

const isFraction = (value: unknown): value is number => typeof value === "number" && !Number.isInteger(value);
/** As the API server compares until Kubernetes 1.35 (IsFloat64AJSONInteger in k8s.io/kube-openapi). */
const isNearlyWhole = (value: unknown): boolean =>
  isFraction(value) &&
  value < 2 ** 53 &&
  (value - Math.trunc(value)) / (value + Math.trunc(value)) < 1e-9 &&
  Math.trunc(value) > 0;

type Decider = "crd" | "policy" | "offline";

const { minor } = (await plane.request("GET", "/version")).body as { readonly minor: string };
/** From 1.36 on the API server also reads an integer as one (IsValueValidAgainstRange), which leaves no billionth over. */
const crdFrom136: readonly Decider[] = Number.parseInt(minor) >= 36 ? ["crd"] : [];

/** A kind of value of which the deciders think differently. */
interface Difference {
  readonly reason: string;
  /** Those who refuse every document with such a value; to the others, it makes no difference whether it is mended. */
  readonly refusedBy: readonly Decider[];
  /** Where such a value may stand. */
  readonly places: (parts: Parts) => readonly Place[];
  readonly isOdd: (value: unknown, key: string) => boolean;
  /** What to put in its place, so that nothing else changes for anybody; undefined for nothing. */
  readonly mend: (value: unknown) => unknown;
}

const unset = (): undefined => undefined;
const truncated = (value: unknown): number => Math.trunc(value as number);
const isText = (value: unknown): value is string => typeof value === "string";
const isBetween = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const namesOf = (claims: readonly unknown[]): readonly unknown[] =>
  claims.filter(isObject).map(({ name }) => name ?? null);

const differences: readonly Difference[] = [
  {
    reason: "an empty text for an enum: unset to the policy, as in Go; not one of the schema's words",
    refusedBy: ["crd", "offline"],
    places: ({ enums }) => enums,
    isOdd: (word) => word === "",
    mend: unset,
  },
  {
    reason:
      "an unknown word on a static toolbox: the policy skips what a static one does not use; the schema cannot",
    refusedBy: ["crd", "offline"],
    places: ({ toolboxes }) =>
      toolboxes
        .filter(({ mode }) => mode === "static")
        .flatMap((toolbox) => at(toolbox, ...Object.keys(vmWords))),
    isOdd: (word, key) => isText(word) && word !== "" && vmWords[key]?.includes(word) === false,
    mend: unset,
  },
  {
    reason: "an integer that is no port: the policy has no rule on ports",
    refusedBy: ["crd", "offline"],
    places: ({ ports }) => ports,
    isOdd: (port) => isBetween(port, -(2 ** 31), -1) || isBetween(port, 65536, 2 ** 31 - 1),
    mend: unset,
  },
  {
    reason:
      "an image of more than 4096 characters: the bound is there for the cost of CEL, and the policy needs none",
    refusedBy: ["crd", "offline"],
    places: ({ vms }) => vms.flatMap((vm) => at(vm, "image")),
    isOdd: (image) => isText(image) && Array.from(image).length > 4096,
    mend: (image) =>
      Array.from(image as string)
        .slice(0, 4096)
        .join(""),
  },
  {
    reason: "more than 1000 toolboxes: as above",
    refusedBy: ["crd", "offline"],
    places: ({ spec }) => at(spec, "toolboxes"),
    isOdd: (toolboxes) => listOf(toolboxes).length > 1000,
    mend: (toolboxes) => listOf(toolboxes).slice(0, 1000),
  },
  {
    reason: "null in a list: a value of its type's zero to the policy, as in Go",
    refusedBy: ["crd", "offline"],
    places: ({ lists }) => lists,
    isOdd: (list) => listOf(list).includes(null),
    mend: (list) => listOf(list).map((item) => item ?? {}),
  },
  {
    reason: "a claim without a name, or two of one name: the policy has no rule on claims",
    refusedBy: ["crd", "offline"],
    places: ({ claims }) => claims,
    isOdd: (claims) => {
      const names = namesOf(listOf(claims));
      return names.includes(null) || new Set(names).size < names.length;
    },
    mend: (claims) =>
      listOf(claims).map((claim, index) => (isObject(claim) ? { ...claim, name: `claim-${index}` } : claim)),
  },
  {
    reason: "a quantity that Go reads although the pattern of Kubernetes' own CRDs refuses it, such as Gi",
    refusedBy: ["crd", "offline"],
    places: ({ quantities }) => quantities,
    isOdd: (quantity) => isText(quantity) && !quantityPattern.test(quantity) && parsesAsQuantity(quantity),
    mend: () => "1",
  },
  {
    reason: "a quantity as a number with a fraction: Go reads it, the schema takes integers and texts",
    refusedBy: ["crd", "offline"],
    places: ({ quantities }) => quantities,
    isOdd: (quantity) => isFraction(quantity) && !isNearlyWhole(quantity),
    mend: () => "1",
  },
  {
    reason:
      "a quantity that is a whole number but for a billionth, which the API server takes for one until 1.35",
    refusedBy: [...crdFrom136, "offline"],
    places: ({ quantities }) => quantities,
    isOdd: isNearlyWhole,
    mend: truncated,
  },
  {
    reason:
      "a count or port that is a whole number but for a billionth: as above, but Go cannot read it as an integer",
    refusedBy: [...crdFrom136, "policy", "offline"],
    places: ({ integers }) => integers,
    isOdd: isNearlyWhole,
    mend: truncated,
  },
  {
    reason: "a quantity as an integer beyond 64 bits: Go reads it, to the API server it is no integer",
    refusedBy: ["crd", "offline"],
    places: ({ quantities }) => quantities,
    isOdd: (quantity) => Number.isInteger(quantity) && Math.abs(quantity as number) > 2 ** 63,
    mend: () => "1",
  },
  {
    reason:
      "2^63 or its negative as a quantity: as JavaScript writes them beyond 64 bits, as it reads them within",
    refusedBy: ["crd"],
    places: ({ quantities }) => quantities,
    isOdd: (quantity) => quantity === 2 ** 63 || quantity === -(2 ** 63),
    mend: () => "1",
  },
  {
    reason: "a quantity that the pattern lets through although Go cannot read it, such as 1e1.5",
    refusedBy: ["policy", "offline"],
    places: ({ quantities }) => quantities,
    isOdd: (quantity) => isText(quantity) && quantityPattern.test(quantity) && !parsesAsQuantity(quantity),
    mend: () => "1",
  },
  {
    reason: "no spec: the schema does not require one, as in the reference, and the rules are all within it",
    refusedBy: ["policy", "offline"],
    places: ({ document }) => at(document, "spec"),
    isOdd: (spec) => (spec ?? null) === null,
    mend: () => ({ agent: { image: "a" } }),
  },
  {
    reason: "an invalid status: the API server drops the status of a new object before it looks",
    refusedBy: ["offline"],
    places: ({ document }) => at(document, "status"),
    isOdd: (status) =>
      status !== undefined && !validateCocoonSet({ spec: { agent: { image: "a" } }, status }).ok,
    mend: unset,
  },
];

/** Mends what one line of the table speaks of, in place, and says whether there was any of it. */
function mendOne({ places, isOdd, mend }: Difference, document: unknown): boolean {
  const odd = places(new Parts(document)).filter(({ holder, key }) => isOdd(holder[key], key));
  for (const { holder, key } of odd) {
    const mended = mend(holder[key]);
    if (mended === undefined) Reflect.deleteProperty(holder, key);
    else holder[key] = mended;
  }
  return odd.length > 0;
}

/** A copy of a document without anything that the table speaks of, and the lines that spoke of it. */
function withoutDifferences(document: unknown): {
  readonly document: unknown;
  readonly matching: readonly Difference[];
} {
  const copy = structuredClone(document);
  const matching = new Set<Difference>();
  // Mending may leave what another line speaks of: null in a list of claims becomes a claim without a name.
  for (let round = 0; round < 3; round++) {
    for (const difference of differences) if (mendOne(difference, copy)) matching.add(difference);
  }
  return { document: copy, matching: [...matching] };
}

type Refusals = Readonly<Record<Decider, boolean>>;

interface Judgement {
  readonly refuses: Refusals;
  readonly answer: Fields;
  readonly policy: Decision;
}

interface Verdict extends Judgement {
  readonly generated: GeneratedCocoonSet;
  readonly parts: Parts;
  /** The lines of the table that speak of something in it. */
  readonly matching: readonly Difference[];
  /** Of the same document, but for what those lines speak of. */
  readonly mended: Judgement;
}

const decide = (object: unknown): Decision => decideCocoonSet(admissionRequest("CocoonSet", { object }));

async function judge(document: unknown): Promise<Judgement> {
  const fields = fieldsOf(document);
  const head = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", metadata: { name: "demo" } };
  const { status, body } = await plane.request("POST", url, { ...head, ...fields });
  const answer = fieldsOf(body);
  if (status !== 201 && status !== 422) {
    throw new Error(`${status}: ${JSON.stringify({ answer, document })}`);
  }
  const policy = decide(status === 201 ? answer : admitted(fields));
  const offline = validateCocoonSet(document).ok ? decide(admitted(fields)) : undefined;
  return {
    refuses: {
      crd: status === 422,
      policy: policy.outcome !== "allow",
      offline: offline?.outcome !== "allow",
    },
    answer,
    policy,
  };
}

async function judgeWithMended(generated: GeneratedCocoonSet): Promise<Verdict> {
  const judgement = await judge(generated.document);
  const { document, matching } = withoutDifferences(generated.document);
  const mended = matching.length === 0 ? judgement : await judge(document);
  return { ...judgement, generated, parts: new Parts(generated.document), matching, mended };
}

/** Judges all of them, eight at a time. */
async function judgeAll(sets: readonly GeneratedCocoonSet[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = sets.entries();
  const worker = async (): Promise<void> => {
    for (const [index, set] of queue) verdicts[index] = await judgeWithMended(set);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return verdicts;
}

/** Whether a decider refuses a document exactly when the table says so, or it refuses what is left of it when that is mended. */
const isForetold = ({ refuses, matching, mended }: Verdict, decider: Decider): boolean =>
  refuses[decider] ===
  (matching.some(({ refusedBy }) => refusedBy.includes(decider)) || mended.refuses[decider]);

const deciders = ["crd", "policy", "offline"] as const;
const pairs = [
  ["crd", "policy"],
  ["crd", "offline"],
  ["policy", "offline"],
] as const;

const told = ({ generated, refuses, answer, policy, matching, mended }: Verdict): string => {
  const reasons = matching.map(({ reason }) => reason);
  const left = { refuses: mended.refuses, crd: mended.answer["message"], policy: mended.policy };
  const story = { seed, refuses, ...generated, crd: answer["message"], policy, reasons, mended: left };
  return JSON.stringify(story, undefined, 1).slice(0, 6000);
};

/** The rules in CEL of the shipped CRD, as `PATH MESSAGE`. */
function celRules(schema: Fields, at = ""): readonly string[] {
  const own = listOf(schema["x-kubernetes-validations"]).map((rule) => {
    const { fieldPath = "", message } = rule as { readonly fieldPath?: string; readonly message: string };
    return `${at}${fieldPath} ${message}`;
  });
  const inner = Object.entries(fieldsOf(schema["properties"])).flatMap(([key, child]) =>
    celRules(fieldsOf(child), at === "" ? key : `${at}.${key}`),
  );
  const items = isObject(schema["items"]) ? celRules(schema["items"], `${at}[]`) : [];
  return [...own, ...inner, ...items];
}

function shippedCelRules(): readonly string[] {
  const file = path.join(repository, "packages/common/crds/cocoonset.cocoonstack.io_cocoonsets.yaml");
  const crd = parse(readFileSync(file, "utf8")) as {
    readonly spec: {
      readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Fields } }[];
    };
  };
  return crd.spec.versions.flatMap(({ schema }) => celRules(schema.openAPIV3Schema));
}

const withoutIndex = (field: string): string => field.replaceAll(/\[\d+\]/g, "[]");

/** The causes of a refusal by the CRD, in the form of {@link celRules}. */
const causesOf = ({ answer }: Verdict): readonly string[] =>
  listOf(fieldsOf(answer["details"])["causes"]).map((cause) => {
    const { field, message } = cause as { readonly field: string; readonly message: string };
    return `${withoutIndex(field)} ${message}`;
  });

const policyRules = [
  "spec.snapshotPolicy FieldValueNotSupported",
  ...["Required", "Invalid"].map((kind) => `spec.agent.image FieldValue${kind}`),
  "spec.agent.replicas FieldValueInvalid",
  ...["Invalid", "NotSupported"].flatMap((kind) =>
    ["mode", "os"].map((field) => `spec.agent.${field} FieldValue${kind}`),
  ),
  ...["backend", "connType"].map((field) => `spec.agent.${field} FieldValueNotSupported`),
  ...["Required", "Invalid", "Duplicate"].map((kind) => `spec.toolboxes[].name FieldValue${kind}`),
  ...["Required", "Invalid"].map((kind) => `spec.toolboxes[].image FieldValue${kind}`),
  ...["Invalid", "NotSupported"].flatMap((kind) =>
    ["mode", "os", "backend"].map((field) => `spec.toolboxes[].${field} FieldValue${kind}`),
  ),
  "spec.toolboxes[].connType FieldValueNotSupported",
  ...["staticIP", "staticVMID"].map((field) => `spec.toolboxes[].${field} FieldValueRequired`),
];

const violationsOf = ({ policy }: Verdict): readonly string[] =>
  policy.outcome === "deny" && policy.reason === "invalid-spec"
    ? (policy.invalid?.violations ?? []).map(({ field, kind }) => `${withoutIndex(field)} ${kind}`)
    : [];

function untilRulesHold(): Promise<void> {
  const invalid = { spec: { agent: { image: "a", backend: "firecracker" } } };
  const isRefused = (): Promise<boolean> =>
    judge(invalid).then(
      ({ refuses }) => refuses.crd,
      () => false,
    );
  return until("the CRD holds no rules", isRefused, (refused) => refused);
}

describe(`three deciders on ${runs} CocoonSets, COCOON_DECIDER_SEED=${seed}`, () => {
  let verdicts: readonly Verdict[] = [];

  beforeAll(
    async () => {
      await apply(plane, namespace(ns));
      const crds = path.join(repository, "config/crd");
      await must(plane.kubectl(["apply", "--server-side", "--force-conflicts", "-k", crds]));
      await untilRulesHold();
      const startMs = performance.now();
      verdicts = await judgeAll(generateCocoonSets(runs, seed));
      report(verdicts, performance.now() - startMs);
    },
    60_000 + runs * 50,
  );
  afterAll(async () => {
    await plane.kubectl(["delete", "crd", "cocoonsets.cocoonset.cocoonstack.io", "--ignore-not-found"]);
    await plane.kubectl(["delete", "namespace", ns, "--wait=false"]);
  });

  it.each(pairs)(
    "%s and %s agree on what is left when everything that the table lists is mended",
    (one, other) => {
      const different = verdicts.filter(({ mended: { refuses } }) => refuses[one] !== refuses[other]);
      expect(different.slice(0, 3).map(told).join("\n"), `${different.length} differ`).toBe("");
    },
  );

  it.each(deciders)(
    "%s refuses what the table says it refuses, and does not mind the rest of the table",
    (decider) => {
      const wrong = verdicts.filter((verdict) => !isForetold(verdict, decider));
      expect(wrong.slice(0, 3).map(told).join("\n"), `${wrong.length} are not as foretold`).toBe("");
    },
  );

  it("what the API server makes of an allowed one is what is foretold offline", () => {
    for (const { refuses, parts, answer } of verdicts) {
      if (refuses.crd) continue;
      expect(answer).not.toHaveProperty("status");
      expect({ spec: answer["spec"] }).toEqual({ spec: undefined, ...fieldsOf(admitted(parts.document)) });
    }
  });

  it("the CocoonSets are no mere formality: many are allowed and many refused, and every rule is broken", () => {
    const refused = verdicts.filter(({ refuses }) => refuses.crd).length;
    expect(refused / verdicts.length).toBeGreaterThan(0.2);
    expect(refused / verdicts.length).toBeLessThan(0.8);

    const causes = verdicts.flatMap(causesOf);
    const isBroken = (rule: string): boolean => {
      const [field = ""] = rule.split(" ", 1);
      // A message may name the agent's backend in its midst, where the rule has none.
      const words = rule.slice(field.length + 1).split(": set the same")[0] ?? "";
      return causes.some((cause) => cause.startsWith(`${field} `) && cause.includes(words));
    };
    const rules = shippedCelRules();
    expect(rules.length).toBeGreaterThan(8);
    expect(rules.filter((rule) => !isBroken(rule))).toEqual([]);

    expect([...new Set(verdicts.flatMap(violationsOf))].sort()).toEqual([...policyRules].sort());
  });
});

function report(verdicts: readonly Verdict[], elapsedMs: number): void {
  const count = (counts: (verdict: Verdict) => boolean): number => verdicts.filter(counts).length;
  const seconds = (elapsedMs / 1000).toFixed(1);
  const lines = [
    `${verdicts.length} CocoonSets in ${seconds} s, seed ${seed}; the CRD allows ${count(({ refuses }) => !refuses.crd)}`,
    ...pairs.map(([one, other]) => {
      const alike = count(({ refuses }) => refuses[one] === refuses[other]);
      const left = count(({ mended: { refuses } }) => refuses[one] !== refuses[other]);
      return `  ${one} and ${other}: ${alike} alike, ${verdicts.length - alike} different; when what the table lists is mended, ${left}`;
    }),
    `  ${count(({ matching }) => matching.length > 0)} hold something that the table lists; mended, the CRD refuses ${count(({ matching, mended }) => matching.length > 0 && mended.refuses.crd)} of them still`,
    ...differences.map(({ reason }) => {
      const matched = count(({ matching }) => matching.some((one) => one.reason === reason));
      const note = matched === 0 && verdicts.length >= bigRun ? " (NEVER: still needed?)" : "";
      return `  ${matched} times ${reason}${note}`;
    }),
  ];
  console.log(lines.join("\n"));
}
