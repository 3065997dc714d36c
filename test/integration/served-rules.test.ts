import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { apiGroup, kindCocoonHibernation } from "@cocoonstack/common/meta";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requestFor } from "../../packages/webhook/src/check/admission-requests.js";
import { pathsFor } from "../../packages/webhook/src/check/decisions.js";
import { check } from "../../packages/webhook/src/check/index.js";
import { keyOf, type Subject, subjectIn } from "../../packages/webhook/src/check/subject.js";
import { type Manifest, parseManifests } from "../../packages/webhook/src/manifests/index.js";
import { reasons } from "../../packages/webhook/src/policy/index.js";
import { type Example, rules } from "../../packages/webhook/src/rules/index.js";
import { reviewOf } from "../support/admission-request.js";
import { type ClusteredWebhook, clusteredWebhook } from "../support/clustered-webhook.js";

// What `cocoon-webhook check` says of every rule's examples is what the running webhook answers to the same requests over TLS, word
// for word. What an API server refuses by itself (schema, unknown-field, unknown-kind, immutable-field) and how it is told to ask
// (matchConditions, ratcheting) is held by test/e2e/check.test.ts; no manifest is a request to /scale.

interface Case {
  readonly title: string;
  readonly namespace: string;
  readonly example: Example;
}

const cases = Object.entries(rules).flatMap(([id, { examples }]) =>
  Object.entries(examples ?? {}).map(([side, example]): Case => ({
    title: `${id}, ${side}`,
    namespace: `${id}-${side}`,
    example,
  })),
);

/** The rules that the webhook itself speaks for. */
const servedRules: readonly string[] = [
  ...Object.keys(reasons.deny),
  ...["workload-warning", "cocoonset-warning"],
];

const manifestsIn = (text = ""): readonly Manifest[] => parseManifests("a.yaml", text).manifests;

const subjectsIn = (text: string | undefined, namespace: string): readonly Subject[] =>
  manifestsIn(text).flatMap(({ value }) => subjectIn(value, namespace) ?? []);

/** The CocoonHibernations that are there before, as an API server lists them. */
function hibernationsBefore({ namespace, example }: Case): readonly [path: string, list: object] {
  const items = subjectsIn(example.before, namespace)
    .filter(({ kind }) => kind === kindCocoonHibernation)
    .map(({ name, object }) => ({ ...(object as object), metadata: { name, namespace } }));
  return [
    `/apis/${apiGroup}/v1/namespaces/${namespace}/cocoonhibernations`,
    { apiVersion: `${apiGroup}/v1`, kind: "CocoonHibernationList", metadata: {}, items },
  ];
}

let cluster: ClusteredWebhook;
beforeAll(async () => {
  cluster = await clusteredWebhook([], Object.fromEntries(cases.map(hibernationsBefore)));
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** The requests that an API server makes of an example. */
function requestsOf({ namespace, example }: Case): readonly AdmissionRequest[] {
  const old = new Map(
    subjectsIn(example.before, namespace).map((subject) => [keyOf(subject), subject.object]),
  );
  return subjectsIn(example.manifests, namespace).flatMap(
    (subject) => requestFor(subject, old.get(keyOf(subject))) ?? [],
  );
}

interface Response {
  readonly allowed: boolean;
  readonly status?: {
    readonly message: string;
    readonly details?: { readonly causes: readonly { readonly message: string }[] };
  };
  readonly warnings?: readonly string[];
}

/** What a response tells people, each thing by itself. */
function sentencesOf({ allowed, status, warnings = [] }: Response): readonly string[] {
  const warned = warnings.map((message) => `warning: ${message}`);
  if (allowed) return warned;
  const causes = status?.details?.causes ?? [{ message: status?.message }];
  return [...warned, ...causes.map(({ message }) => `error: ${message}`)];
}

async function servedOn(one: Case): Promise<ReadonlySet<string>> {
  const calls = requestsOf(one).flatMap((request) => pathsFor(request).map((path) => ({ path, request })));
  const responses = await Promise.all(
    calls.map(({ path, request }) => cluster.webhook.review(path, reviewOf(request))),
  );
  return new Set(responses.flatMap((response) => sentencesOf(response as unknown as Response)));
}

async function checkedOn({ namespace, example }: Case): Promise<ReadonlySet<string>> {
  const old = manifestsIn(example.before);
  const findings = await check(manifestsIn(example.manifests), { old, namespace });
  return new Set(
    findings
      .filter(({ rule }) => servedRules.includes(rule))
      .map(({ severity, message }) => `${severity}: ${message}`),
  );
}

it.each(cases)("$title: the webhook's answers are what check says", async (one) => {
  expect(await servedOn(one)).toEqual(await checkedOn(one));
});

it("the examples hold a finding of every rule that the webhook speaks for, but for what only a cluster knows", async () => {
  const served = await Promise.all(
    cases
      .filter(({ title }) => servedRules.some((rule) => title === `${rule}, bad`))
      .map(async (one) => ({ title: one.title, sentences: (await servedOn(one)).size })),
  );
  expect(served).toHaveLength(servedRules.length - 1);
  expect(served.filter(({ sentences }) => sentences === 0)).toEqual([]);
});
