import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../packages/webhook/src/check/index.js";
import { parseManifests } from "../../packages/webhook/src/manifests/index.js";
import { type Example, rules } from "../../packages/webhook/src/rules/index.js";
import { apiPath } from "../support/api-path.js";
import { installCrds } from "../support/crds.js";
import { inTurns } from "../support/in-turns.js";
import { generateManifests } from "../support/manifest-arbitrary.js";
import { numberFromEnv } from "../support/number-from-env.js";
import { namespace } from "../support/objects.js";
import { apply, must, type RegisteredWebhook, registerWebhook } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

// `cocoon-webhook check` says of manifests what a cluster with the CRDs and the webhook says of them: the API server asks the
// real process over TLS here.

const plane = sharedControlPlane();
const randomNamespace = "check-e2e-random";
const runs = numberFromEnv("COCOON_CHECK_RUNS", 160);
const seed = numberFromEnv("COCOON_CHECK_SEED", Date.now() % 2 ** 31);

/** About the input as a whole, of which an API server sees one object at a time. */
const inputRules = ["duplicate-object", "not-an-object"];

interface Case {
  readonly title: string;
  readonly namespace: string;
  readonly example: Example;
}

const cases = Object.entries(rules)
  .filter(([id]) => !inputRules.includes(id))
  .flatMap(([id, { examples }]) =>
    Object.entries(examples ?? {}).map(([side, example]): Case => ({
      title: `${id}, ${side}`,
      namespace: `check-${id}-${side}`,
      example,
    })),
  );

let registered: RegisteredWebhook;
beforeAll(async () => {
  await installCrds(plane);
  await apply(plane, namespace(randomNamespace), ...cases.map((one) => namespace(one.namespace)));
  // Without the webhook: some of it could not come into a cluster that has one.
  for (const { namespace: ns, example } of cases) {
    if (example.before !== undefined) await kubectlApply(ns, example.before);
  }
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
}, 300_000);
afterAll(() =>
  plane.kubectl([
    "delete",
    "namespace",
    "--wait=false",
    randomNamespace,
    ...cases.map((one) => one.namespace),
  ]),
);

const kubectlApply = (ns: string, manifests: string): Promise<string> =>
  must(plane.kubectl(["apply", "-n", ns, "-f", "-"], { stdin: manifests }));

type Verdict = "refused" | "warned" | "allowed";

async function verdictOfCheck(text: string, before = "", ns = "default"): Promise<Verdict> {
  const findings = await check(parseManifests("stdin", text).manifests, {
    old: parseManifests("old", before).manifests,
    namespace: ns,
  });
  const severities = findings.map(({ severity }) => severity);
  if (severities.includes("error")) return "refused";
  return severities.length > 0 ? "warned" : "allowed";
}

async function verdictOfCluster(ns: string, text: string): Promise<Verdict> {
  const { code, stderr } = await plane.kubectl(["apply", "-n", ns, "-f", "-"], { stdin: text });
  if (code !== 0) return "refused";
  return stderr.includes("Warning:") ? "warned" : "allowed";
}

describe("every rule's examples", () => {
  it.each(cases)(
    "$title: the cluster says the same",
    { timeout: 120_000 },
    async ({ namespace: ns, example }) => {
      const { before, manifests } = example;
      expect(await verdictOfCheck(manifests, before, ns)).toBe(await verdictOfCluster(ns, manifests));
    },
  );
});

describe("a status in a manifest", () => {
  const withStatus = (status: unknown): object => ({
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    metadata: { name: "with-status" },
    spec: { agent: { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" } },
    status,
  });

  it.each<[Verdict, string, unknown]>([
    ["allowed", "values that its schema has", { readyAgents: 1 }],
    ["allowed", "a value of the wrong type, which is dropped unread", { readyAgents: "one" }],
    ["allowed", "no object", 7],
    ["refused", "a field that it does not have", { radyAgents: 1 }],
    ["refused", "a field that it does not have, further below", { agents: [{ nome: "a" }] }],
  ])("is %s with %s", async (expected, _, status) => {
    const text = JSON.stringify(withStatus(status));
    const cluster = await verdictOfCluster(randomNamespace, text);
    expect([cluster, await verdictOfCheck(text, "", randomNamespace)]).toEqual([expected, expected]);
  });
});

describe("names, labels and annotations", () => {
  it.each<[string, object]>([
    ["no name", {}],
    ["a name in capitals", { name: "Demo" }],
    ["a name that is too long", { name: "a".repeat(254) }],
    ["a prefix of an underscore", { generateName: "demo_" }],
    ["the key of a label with a space", { name: "a", labels: { "a b": "c" } }],
    ["the key of a label with two slashes", { name: "a", labels: { "a/b/c": "c" } }],
    ["the key of a label without a prefix before the slash", { name: "a", labels: { "/b": "c" } }],
    ["the key of a label with a prefix in capitals", { name: "a", labels: { "Example.com/b": "c" } }],
    ["a key that is too long", { name: "a", labels: { ["a".repeat(64)]: "c" } }],
    ["the value of a label with a space", { name: "a", labels: { a: "b c" } }],
    ["the value of a label that is too long", { name: "a", labels: { a: "b".repeat(64) } }],
    ["the key of an annotation with a space", { name: "a", annotations: { "a b": "c" } }],
  ])("the API server refuses %s in the same words", async (_, metadata) => {
    const set = {
      apiVersion: "cocoonset.cocoonstack.io/v1",
      kind: "CocoonSet",
      metadata,
      spec: { agent: { image: "a" } },
    };
    const findings = await check(parseManifests("stdin", JSON.stringify(set)).manifests);
    const url = `${apiPath("CocoonSet", randomNamespace)}?dryRun=All&fieldValidation=Strict`;
    const { status, body } = await plane.request("POST", url, set);
    const { message } = body as { readonly message: string };
    // Some releases count bytes of some names.
    const said = message.replaceAll(" bytes", " characters");
    expect(status).toBe(422);
    expect(findings.map(({ rule }) => rule)).toEqual(["invalid-metadata"]);
    // In front of the words it repeats the value, as check does where it does not stand at the field itself.
    for (const { message: own } of findings) expect(said).toContain(own.replace(/^"[^"]*": /, ""));
  });
});

it(
  `check and the cluster agree on ${runs} random manifests, COCOON_CHECK_SEED=${seed}`,
  { timeout: 120_000 + runs * 1000 },
  async () => {
    const disagreements: string[] = [];
    const counts = { refused: 0, allowed: 0 };
    await inTurns(8, generateManifests(runs, seed), async ({ kind, object }) => {
      const url = `${apiPath(kind, randomNamespace)}?dryRun=All&fieldValidation=Strict`;
      const { status, body } = await plane.request("POST", url, object);
      const text = JSON.stringify(object);
      const isRefused = (await verdictOfCheck(text, "", randomNamespace)) === "refused";
      counts[isRefused ? "refused" : "allowed"]++;
      if (isRefused !== status >= 400)
        disagreements.push(`${status} ${JSON.stringify(body)}: ${text.slice(0, 800)}`);
    });
    expect(disagreements).toEqual([]);
    expect(Math.min(counts.refused, counts.allowed)).toBeGreaterThan(runs / 5);
  },
);
