import { validateCocoonHibernation } from "@cocoonstack/common/apis/v1";
import { apiGroup, kindCocoonHibernation } from "@cocoonstack/common/meta";
import type { Manifest } from "../manifests/index.js";
import { rules } from "../rules/index.js";
import { requestFor } from "./admission-requests.js";
import type { Breach, Finding, ObjectName } from "./finding.js";
import { policyBreaches } from "./policy-breaches.js";
import { schemaBreaches } from "./schema-breaches.js";
import { keyOf, subjectIn, type Subject } from "./subject.js";

/** What manifests are judged against. */
export interface CheckOptions {
  /** What is in the cluster already; then changes are judged. @default none */
  readonly old?: readonly Manifest[];
  /** Namespace of objects that name none. @default "default" */
  readonly namespace?: string;
}

/**
 * Everything that a cluster would refuse or warn of, in the order of the manifests and of the lines in each.
 *
 * @example
 * await check(parseManifests("pod.yaml", text).manifests);
 * // [{ file: "pod.yaml", line: 9, column: 7, rule: "stray-pod", … }]
 */
export async function check(
  manifests: readonly Manifest[],
  { old = [], namespace = "default" }: CheckOptions = {},
): Promise<readonly Finding[]> {
  const input = new Input(old, namespace);
  const findings: Finding[] = [];
  for (const manifest of manifests) {
    const subject = subjectIn(manifest.value, namespace);
    const breaches = subject === undefined ? [notAnObject] : await input.judge(subject, manifest);
    findings.push(...breaches.map((breach) => findingOf(manifest, subject, breach)).sort(byPlace));
  }
  return findings;
}

const notAnObject: Breach = {
  rule: "not-an-object",
  field: "",
  message: "has no apiVersion and kind, so it was not checked",
};

/** What came before an object, in the cluster and in the input. */
class Input {
  readonly #old: ReadonlyMap<string, Subject>;
  readonly #seen = new Map<string, Manifest>();
  readonly #hibernations: Subject[];

  constructor(old: readonly Manifest[], namespace: string) {
    const subjects = old.flatMap(({ value }) => subjectIn(value, namespace) ?? []);
    this.#old = new Map(subjects.map((subject) => [keyOf(subject) ?? "", subject]));
    this.#hibernations = subjects.filter(isReadableHibernation);
  }

  async judge(subject: Subject, manifest: Manifest): Promise<readonly Breach[]> {
    const key = keyOf(subject);
    const oldObject = key === undefined ? undefined : this.#old.get(key)?.object;
    const schema = schemaBreaches(subject, oldObject);
    const request = requestFor(subject, oldObject);
    if (request === undefined) return schema;

    const others = this.#hibernations.filter(({ namespace }) => namespace === subject.namespace);
    const policy = await policyBreaches(
      request,
      others.map(({ object }) => object),
    );
    const first = key === undefined ? undefined : this.#seen.get(key);
    if (key !== undefined && first === undefined) this.#seen.set(key, manifest);
    if (isReadableHibernation(subject)) this.#hibernations.push(subject);
    return [
      ...schema.filter((breach) => !isSaidBy(policy, breach)),
      ...policy,
      ...(first === undefined ? [] : [duplicateOf(subject, first)]),
    ];
  }
}

/** One that cannot be read never reaches the store, and has a finding of its own. */
const isReadableHibernation = ({ group, kind, object }: Subject): boolean =>
  group === apiGroup && kind === kindCocoonHibernation && validateCocoonHibernation(object).ok;

/** The policies say the same at more length, with the way out. */
const isSaidBy = (policy: readonly Breach[], { rule, field }: Breach): boolean =>
  rule === "schema" &&
  policy.some((breach) => breach.field === field || breach.field.startsWith(`${field}.`));

function duplicateOf(subject: Subject, first: Manifest): Breach {
  const { file, line } = first.placeOf("");
  const where = `${file}:${line}`;
  return subject.kind === kindCocoonHibernation
    ? {
        rule: "second-hibernation",
        field: "metadata.name",
        message: `this CocoonHibernation stands in ${where} already: there is one for each pod; keep one of the two`,
      }
    : {
        rule: "duplicate-object",
        field: "metadata.name",
        message: `this ${subject.kind} stands in ${where} already: the later one would win`,
      };
}

function findingOf(manifest: Manifest, subject: Subject | undefined, breach: Breach): Finding {
  const { severity, wayOut } = rules[breach.rule];
  return { ...manifest.placeOf(breach.field), severity, ...breach, object: nameOf(subject), wayOut };
}

const nameOf = (subject: Subject | undefined): ObjectName => {
  const { group = "", kind = "", namespace = "", name = "" }: Partial<Subject> = subject ?? {};
  return { group, kind, namespace, name };
};

const byPlace = (a: Finding, b: Finding): number => a.line - b.line || a.column - b.column;
