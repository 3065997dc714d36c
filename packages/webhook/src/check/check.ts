import { kindCocoonHibernation } from "@cocoonstack/common/meta";
import type { Manifest, Place } from "../manifests/index.js";
import { asObject } from "../policy/index.js";
import { rules } from "../rules/index.js";
import { requestFor } from "./admission-requests.js";
import type { Breach, Finding, ObjectName } from "./finding.js";
import { HibernationIndex } from "./hibernation-index.js";
import { noSubject } from "./no-subject.js";
import { policyBreaches } from "./policy-breaches.js";
import { schemaBreaches } from "./schema-breaches.js";
import { keyOf, subjectIn, type Subject } from "./subject.js";

/** Manifests, all at once or as they are read. */
export type Manifests = Iterable<Manifest> | AsyncIterable<Manifest>;

/** What manifests are judged against. */
export interface CheckOptions {
  /** What is in the cluster already; then changes are judged. @default none */
  readonly old?: Manifests;
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
  manifests: Manifests,
  { old = [], namespace = "default" }: CheckOptions = {},
): Promise<readonly Finding[]> {
  const input = await Input.after(old, namespace);
  const findings: Finding[] = [];
  for await (const manifest of manifests) {
    const subject = subjectIn(withoutStatus(manifest.value), namespace);
    const breaches =
      subject === undefined ? [noSubject(manifest.value)] : await input.judge(subject, manifest);
    findings.push(...breaches.map((breach) => findingOf(manifest, subject, breach)).sort(byPlace));
  }
  return findings;
}

/** API servers drop the status of what is created or applied, before they or a webhook judge its values. */
function withoutStatus(value: unknown): unknown {
  const members = asObject(value);
  if (members?.["status"] === undefined) return value;
  return Object.fromEntries(Object.entries(members).filter(([key]) => key !== "status"));
}

/** What came before an object, in the cluster and in the input. Of the latter, only names and places are kept. */
class Input {
  readonly #old = new Map<string, Subject>();
  readonly #seen = new Map<string, Manifest["start"]>();
  readonly #hibernations = new HibernationIndex();

  static async after(old: Manifests, namespace: string): Promise<Input> {
    const input = new Input();
    for await (const { value } of old) {
      const subject = subjectIn(value, namespace);
      if (subject === undefined) continue;
      input.#old.set(keyOf(subject) ?? "", subject);
      input.#hibernations.add(subject);
    }
    return input;
  }

  async judge(subject: Subject, manifest: Manifest): Promise<readonly Breach[]> {
    const key = keyOf(subject);
    const oldObject = key === undefined ? undefined : this.#old.get(key)?.object;
    const schema = schemaBreaches(subject, oldObject, manifest.value);
    const request = requestFor(subject, oldObject);
    if (request === undefined) return schema;

    const policy = await policyBreaches(request, this.#hibernations.forThePodOf(subject));
    const first = key === undefined ? undefined : this.#seen.get(key);
    if (key !== undefined && first === undefined) this.#seen.set(key, manifest.start);
    this.#hibernations.add(subject);
    return [
      ...schema.filter((breach) => !isSaidBy(policy, breach)),
      ...policy,
      ...(first === undefined ? [] : [duplicateOf(subject, first())]),
    ];
  }
}

/** The policies say the same at more length, with the way out. */
const isSaidBy = (policy: readonly Breach[], { rule, field }: Breach): boolean =>
  rule === "schema" &&
  policy.some((breach) => breach.field === field || breach.field.startsWith(`${field}.`));

function duplicateOf(subject: Subject, { file, line }: Place): Breach {
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
  return { ...manifest.placeOf(breach.field), severity, wayOut, ...breach, object: nameOf(subject) };
}

const nameOf = (subject: Subject | undefined): ObjectName => {
  const { group = "", kind = "", namespace = "", name = "" }: Partial<Subject> = subject ?? {};
  return { group, kind, namespace, name };
};

const byPlace = (a: Finding, b: Finding): number => a.line - b.line || a.column - b.column;
