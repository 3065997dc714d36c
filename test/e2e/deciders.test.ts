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
import { namespace } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

// Three deciders judge the same random CocoonSets: the shipped CRD (schema and CEL) on the API server, the webhook's
// policy on what the API server hands it, and the runtime schema with the policy, offline. Where they differ, a line of
// the table below says why.

const plane = sharedControlPlane();
const ns = "deciders-e2e";
const repository = path.resolve(import.meta.dirname, "../..");
const url = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${ns}/cocoonsets?dryRun=All&fieldValidation=Ignore`;

const numberFrom = (variable: string, fallback: number): number => {
  const value = Number(process.env[variable] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${variable} must be a whole number`);
  return value;
};
const runs = numberFrom("COCOON_DECIDER_RUNS", 300);
const seed = numberFrom("COCOON_DECIDER_SEED", Date.now() % 2 ** 31);
/** From here on a line of the table that never applied is told: it may be out of date, or the generator too tame. */
const bigRun = 2000;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A generated document, taken apart for the predicates; what has the wrong type counts as empty. */
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

  get quantities(): readonly unknown[] {
    const maps = this.resources.flatMap(({ limits, requests }) => [fieldsOf(limits), fieldsOf(requests)]);
    return [...this.vms.map(({ storage }) => storage), ...maps.flatMap((map) => Object.values(map))];
  }

  get integers(): readonly unknown[] {
    const ports = this.toolboxes.flatMap(({ probePort, vncPort }) => [probePort, vncPort]);
    return [this.agent["replicas"], this.agent["probePort"], ...ports];
  }

  get lists(): readonly unknown[][] {
    const lists = [
      this.spec["toolboxes"],
      this.agent["envFrom"],
      ...this.resources.map(({ claims }) => claims),
    ];
    return lists.filter((list) => Array.isArray(list));
  }
}

const enumFields = ["mode", "os", "backend", "connType"];
const vmWords: Readonly<Record<string, readonly unknown[]>> = {
  os: ["linux", "windows", "android"],
  backend: ["cloud-hypervisor", "firecracker"],
  connType: ["ssh", "rdp", "vnc", "adb"],
};
/** As Kubernetes' own CRDs have it. */
const quantityPattern =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;

const isFraction = (value: unknown): value is number => typeof value === "number" && !Number.isInteger(value);
/** As the API server compares (IsFloat64AJSONInteger in k8s.io/kube-openapi). */
const isNearlyWhole = (value: unknown): boolean =>
  isFraction(value) &&
  value < 2 ** 53 &&
  (value - Math.trunc(value)) / (value + Math.trunc(value)) < 1e-9 &&
  Math.trunc(value) > 0;

type Decider = "crd" | "policy" | "offline";

/** A kind of document of which the deciders think differently. */
interface Difference {
  readonly reason: string;
  /** Those who refuse every such document, whatever else it holds; the others do not look at it. */
  readonly refusedBy: readonly Decider[];
  readonly holds: (parts: Parts) => boolean;
}

const differences: readonly Difference[] = [
  {
    reason: "an empty text for an enum: unset to the policy, as in Go; not one of the schema's words",
    refusedBy: ["crd", "offline"],
    holds: ({ spec, vms }) =>
      spec["snapshotPolicy"] === "" || vms.some((vm) => enumFields.some((field) => vm[field] === "")),
  },
  {
    reason:
      "an unknown word on a static toolbox: the policy skips what a static one does not use; the schema cannot",
    refusedBy: ["crd", "offline"],
    holds: ({ toolboxes }) =>
      toolboxes.some(
        (toolbox) =>
          toolbox["mode"] === "static" &&
          Object.entries(vmWords).some(([field, words]) => {
            const word = toolbox[field] ?? "";
            return word !== "" && !words.includes(word);
          }),
      ),
  },
  {
    reason: "a port that is none: the policy has no rule on ports",
    refusedBy: ["crd", "offline"],
    holds: ({ agent, toolboxes }) =>
      [agent["probePort"], ...toolboxes.flatMap(({ probePort, vncPort }) => [probePort, vncPort])].some(
        (port) => typeof port === "number" && (port < 0 || port > 65535),
      ),
  },
  {
    reason:
      "an image of more than 4096 characters: the bound is there for the cost of CEL, and the policy needs none",
    refusedBy: ["crd", "offline"],
    holds: ({ vms }) => vms.some(({ image }) => typeof image === "string" && Array.from(image).length > 4096),
  },
  {
    reason: "more than 1000 toolboxes: as above",
    refusedBy: ["crd", "offline"],
    holds: ({ spec }) => listOf(spec["toolboxes"]).length > 1000,
  },
  {
    reason: "null in a list: a value of its type's zero to the policy, as in Go",
    refusedBy: ["crd", "offline"],
    holds: ({ lists }) => lists.some((list) => list.includes(null)),
  },
  {
    reason: "a claim without a name, or two of one name: the policy has no rule on claims",
    refusedBy: ["crd", "offline"],
    holds: ({ resources }) =>
      resources.some(({ claims }) => {
        const names = listOf(claims).map((claim) => fieldsOf(claim)["name"] ?? null);
        return names.includes(null) || new Set(names).size < names.length;
      }),
  },
  {
    reason: "a quantity that Go reads although the pattern of Kubernetes' own CRDs refuses it, such as Gi",
    refusedBy: ["crd", "offline"],
    holds: ({ quantities }) =>
      quantities.some((quantity) => typeof quantity === "string" && !quantityPattern.test(quantity)),
  },
  {
    reason: "a quantity as a number with a fraction: Go reads it, the schema takes integers and texts",
    refusedBy: ["crd", "offline"],
    holds: ({ quantities }) =>
      quantities.some((quantity) => isFraction(quantity) && !isNearlyWhole(quantity)),
  },
  {
    reason: "a quantity that is a whole number but for a billionth, which the API server takes for one",
    refusedBy: ["offline"],
    holds: ({ quantities }) => quantities.some((quantity) => isNearlyWhole(quantity)),
  },
  {
    reason:
      "a count or port that is a whole number but for a billionth: as above, but Go cannot read it as an integer",
    refusedBy: ["policy", "offline"],
    holds: ({ integers }) => integers.some((integer) => isNearlyWhole(integer)),
  },
  {
    reason: "a quantity as an integer beyond 64 bits: Go reads it, to the API server it is no integer",
    refusedBy: ["crd", "offline"],
    holds: ({ quantities }) =>
      quantities.some((quantity) => Number.isInteger(quantity) && Math.abs(quantity as number) > 2 ** 63),
  },
  {
    reason:
      "2^63 or its negative as a quantity: as JavaScript writes them beyond 64 bits, as it reads them within",
    refusedBy: ["crd"],
    holds: ({ quantities }) => quantities.includes(2 ** 63) || quantities.includes(-(2 ** 63)),
  },
  {
    reason: "a quantity that the pattern lets through although Go cannot read it, such as 1e1.5",
    refusedBy: ["policy", "offline"],
    holds: ({ quantities }) =>
      quantities.some(
        (quantity) =>
          typeof quantity === "string" && quantityPattern.test(quantity) && !parsesAsQuantity(quantity),
      ),
  },
  {
    reason: "no spec: the schema does not require one, as in the reference, and the rules are all within it",
    refusedBy: ["policy", "offline"],
    holds: ({ document }) => (document["spec"] ?? null) === null,
  },
  {
    reason: "an invalid status: the API server drops the status of a new object before it looks",
    refusedBy: ["offline"],
    holds: ({ document }) =>
      !validateCocoonSet({ ...document, spec: { agent: { image: "a" } } }).ok &&
      document["status"] !== undefined,
  },
];

interface Verdict {
  readonly generated: GeneratedCocoonSet;
  readonly parts: Parts;
  readonly refuses: Readonly<Record<Decider, boolean>>;
  readonly answer: Fields;
  readonly policy: Decision;
  readonly matching: readonly Difference[];
}

const decide = (object: unknown): Decision => decideCocoonSet(admissionRequest("CocoonSet", { object }));

async function judge(generated: GeneratedCocoonSet): Promise<Verdict> {
  const parts = new Parts(generated.document);
  const head = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", metadata: { name: "demo" } };
  const { status, body } = await plane.request("POST", url, { ...head, ...parts.document });
  const answer = fieldsOf(body);
  if (status !== 201 && status !== 422)
    throw new Error(`${status}: ${JSON.stringify({ answer, generated })}`);
  const policy = decide(status === 201 ? answer : admitted(parts.document));
  const offline = validateCocoonSet(generated.document).ok ? decide(admitted(parts.document)) : undefined;
  return {
    generated,
    parts,
    refuses: {
      crd: status === 422,
      policy: policy.outcome !== "allow",
      offline: offline?.outcome !== "allow",
    },
    answer,
    policy,
    matching: differences.filter(({ holds }) => holds(parts)),
  };
}

/** Judges all of them, eight at a time. */
async function judgeAll(sets: readonly GeneratedCocoonSet[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = sets.entries();
  const worker = async (): Promise<void> => {
    for (const [index, set] of queue) verdicts[index] = await judge(set);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return verdicts;
}

/** Whether two deciders agree, or every reason for which one of them refuses alone stands in the table. */
function isExplained({ refuses, matching }: Verdict, one: Decider, other: Decider): boolean {
  if (refuses[one] === refuses[other]) return true;
  const [refuser, allower] = refuses[one] ? [one, other] : [other, one];
  return matching.some(({ refusedBy }) => refusedBy.includes(refuser) && !refusedBy.includes(allower));
}

const pairs = [
  ["crd", "policy"],
  ["crd", "offline"],
  ["policy", "offline"],
] as const;

const told = ({ generated, refuses, answer, policy }: Verdict): string =>
  JSON.stringify({ seed, refuses, ...generated, crd: answer["message"], policy }, undefined, 1).slice(
    0,
    6000,
  );

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

async function untilRulesHold(timeoutMs = 30_000): Promise<void> {
  const invalid = { document: { spec: { agent: { image: "a", backend: "firecracker" } } }, edits: [] };
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const refused = await judge(invalid).then(
      ({ refuses }) => refuses.crd,
      () => false,
    );
    if (refused) return;
    if (performance.now() > deadlineMs) throw new Error(`the CRD holds no rules after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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

  it.each(pairs)("%s and %s agree, or the table says why not", (one, other) => {
    const unexplained = verdicts.filter((verdict) => !isExplained(verdict, one, other));
    expect(unexplained.slice(0, 3).map(told).join("\n"), `${unexplained.length} differ`).toBe("");
  });

  it.each(differences)("$refusedBy always refuse $reason", ({ refusedBy, ...difference }) => {
    const wrong = verdicts
      .filter(({ matching }) => matching.some(({ reason }) => reason === difference.reason))
      .filter(({ refuses }) => !refusedBy.every((decider) => refuses[decider]));
    expect(wrong.slice(0, 3).map(told).join("\n"), `${wrong.length} of them are allowed`).toBe("");
  });

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
      const listed = count(
        (verdict) => verdict.refuses[one] !== verdict.refuses[other] && isExplained(verdict, one, other),
      );
      return `  ${one} and ${other}: ${alike} alike, ${listed} different for a listed reason, ${verdicts.length - alike - listed} for none`;
    }),
    ...differences.map(({ reason }) => {
      const matched = count(({ matching }) => matching.some((difference) => difference.reason === reason));
      const note = matched === 0 && verdicts.length >= bigRun ? " (NEVER: still needed?)" : "";
      return `  ${matched} times ${reason}${note}`;
    }),
  ];
  console.log(lines.join("\n"));
}
