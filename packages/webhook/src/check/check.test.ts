import { describe, expect, it } from "vitest";
import { podRefRules } from "../../../common/definition/rules.js";
import { parseManifests } from "../manifests/index.js";
import { isRuleId, rules } from "../rules/index.js";
import { check } from "./check.js";
import { podRefMessage } from "./pod-ref-change.js";

const manifestsOf = (text: string, file = "a.yaml"): ReturnType<typeof parseManifests>["manifests"] =>
  parseManifests(file, text).manifests;

/** The findings as `line:column rule field`. */
async function found(text: string, before = "", namespace?: string): Promise<string[]> {
  const old = manifestsOf(before, "old.yaml");
  const findings = await check(manifestsOf(text), { old, ...(namespace === undefined ? {} : { namespace }) });
  return findings.map(({ line, column, rule, field }) => `${line}:${column} ${rule} ${field}`);
}

const api = "cocoonset.cocoonstack.io/v1";
const hibernation = (name: string, pod: string, more = ""): string =>
  `apiVersion: ${api}\nkind: CocoonHibernation\nmetadata: {name: ${name}}\nspec: {podRef: {name: ${pod}}, desire: Hibernate${more}}\n`;
const pod = (namespace: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: ${namespace}}\nspec: {tolerations: [{}, {key: virtual-kubelet.io/provider}]}\n`;
const cocoonSet = (spec: string): string =>
  `apiVersion: ${api}\nkind: CocoonSet\nmetadata: {name: demo}\nspec: ${spec}\n`;

describe("every rule", () => {
  const cases = Object.entries(rules).flatMap(([id, { examples }]) =>
    examples === undefined ? [] : [[id, examples] as const],
  );

  it.each(cases)("%s finds its bad example and nothing in its good one", async (id, { bad, good }) => {
    const ids = async ({ manifests, before = "" }: typeof bad): Promise<string[]> => {
      const findings = await check(manifestsOf(manifests), { old: manifestsOf(before) });
      return findings.map(({ rule }) => rule);
    };
    expect(isRuleId(id)).toBe(true);
    expect(await ids(bad)).toEqual([id]);
    expect(
      (await ids(good)).filter(
        (found) => found === id || rules[id as keyof typeof rules].severity === "warning",
      ),
    ).toEqual([]);
  });
});

describe("check", () => {
  it("finds what the schema, the policies and unknown fields say of one object, in the order of lines", async () => {
    const set = cocoonSet("\n  agent:\n    Image: a\n    mode: walk\n  toolboxes: [{name: '1', image: b}]");
    expect(await found(set)).toEqual([
      "5:3 invalid-spec spec.agent.image",
      "6:5 unknown-field spec.agent.Image",
      "7:5 invalid-spec spec.agent.mode",
      "8:16 invalid-spec spec.toolboxes[0].name",
    ]);
  });

  it("points at the toleration of a stray pod", async () => {
    expect(await found(pod("prod"))).toEqual(["4:26 stray-pod spec.tolerations[1]"]);
  });

  it("says of each warning about a workload what to do about that one", async () => {
    const deployment = (spec: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 2, template: {spec: ${spec}}}\n`;
    const cocoon = deployment("{tolerations: [{key: virtual-kubelet.io/provider}]}");
    const wayOuts = async (text: string, before: string): Promise<string[]> =>
      (await check(manifestsOf(text), { old: manifestsOf(before) })).map(({ wayOut }) => wayOut);
    expect(await wayOuts(cocoon, "")).toEqual(["create a CocoonSet instead, or remove the toleration"]);
    expect(await wayOuts(deployment("{}"), cocoon)).toEqual([
      "keep the toleration while these VMs are needed, and create another workload for ordinary pods",
    ]);
  });

  it("leaves out the namespaces that the registration leaves out, given or by default", async () => {
    expect(await found(pod("kube-system"))).toEqual([]);
    expect(await found(pod("''"), "", "kube-system")).toEqual([]);
  });

  it("does not look at other kinds, or at kinds of the same name in other groups", async () => {
    const others = ["v1\nkind: Service", "example.com/v1\nkind: CocoonSet", "example.com/v1\nkind: Pod"];
    expect(await found(others.map((other) => `apiVersion: ${other}\n`).join("---\n"))).toEqual([]);
  });

  it.each<[string, string]>([
    ["kind: CocoonSet", "error has kind CocoonSet, but no apiVersion"],
    ["kind: CocoonHibernation\napiVersion: 1", "error has kind CocoonHibernation, but no apiVersion"],
    [`apiVersion: ${api}`, `error has apiVersion ${api}, but no kind`],
    ["apiVersion: v1\nkind: CocoonSet", "error v1 has no kind CocoonSet"],
    ["kind: Pod", "warning has no apiVersion, so it was not checked"],
    ["apiVersion: v1\nkind: ''", "warning has no kind, so it was not checked"],
    ["spec: {}", "warning has no apiVersion and kind, so it was not checked"],
    ["- a", "warning is no object, so it was not checked"],
  ])("says what is missing, and where that is certainly ours, as an error: %j", async (text, expected) => {
    const findings = await check(manifestsOf(`${text}\n`));
    expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual([expected]);
  });

  it("finds names, labels and annotations that the API server refuses of our kinds, and of no others", async () => {
    const named = (kind: string, metadata: string, version = api): string =>
      `apiVersion: ${version}\nkind: ${kind}\nmetadata: ${metadata}\nspec: {agent: {image: a}}\n`;
    const fields = async (text: string): Promise<string[]> =>
      (await check(manifestsOf(text))).map(({ rule, field }) => `${rule} ${field}`);
    expect(await fields(named("CocoonSet", "{}"))).toEqual(["invalid-metadata metadata.name"]);
    expect(await fields(named("CocoonSet", "{name: ''}"))).toEqual(["invalid-metadata metadata.name"]);
    expect(await fields(named("CocoonSet", "{generateName: demo-}"))).toEqual([]);
    expect(await fields(named("CocoonSet", "{generateName: Demo-}"))).toEqual([
      "invalid-metadata metadata.generateName",
    ]);
    const odd =
      "{name: a_b, namespace: A, labels: {a b: c, d: 'e f'}, annotations: {/a: b, Example.com/c: d}}";
    expect(await fields(named("CocoonSet", odd))).toEqual([
      "invalid-metadata metadata.name",
      "invalid-metadata metadata.namespace",
      "invalid-metadata metadata.labels",
      "invalid-metadata metadata.labels",
      "invalid-metadata metadata.annotations",
    ]);
    expect(await fields(named("Pod", odd, "v1"))).toEqual([]);
  });

  it("finds several hibernations for one pod", async () => {
    const both = `${hibernation("demo-0", "demo-0")}---\n${hibernation("demo-0", "demo-0", ", snapshot: x")}`;
    expect(await found(both)).toContain("8:12 second-hibernation metadata.name");
    const reversed = `${hibernation("other", "demo-0")}---\n${hibernation("demo-0", "demo-0")}`;
    expect(await found(reversed)).toEqual([
      "4:17 name-differs spec.podRef.name",
      "9:17 second-hibernation spec.podRef.name",
    ]);
  });

  it("finds each further one of many for one pod, in the cluster or before it in the input", async () => {
    const names = ["a", "demo-0", "b"].map((name) => hibernation(name, "demo-0"));
    expect(await found(names.join("---\n"), hibernation("old", "demo-0"))).toEqual([
      "4:17 name-differs spec.podRef.name",
      "9:17 second-hibernation spec.podRef.name",
      "14:17 name-differs spec.podRef.name",
    ]);
  });

  it("knows that a hibernation with a generated name does not bear its pod's", async () => {
    const generated = hibernation("x", "demo-0").replace("{name: x}", "{generateName: demo-}");
    expect(await found(`${generated}---\n${hibernation("demo-0", "demo-0")}`)).toEqual([
      "4:17 name-differs spec.podRef.name",
    ]);
  });

  it("compares hibernations in one namespace only", async () => {
    const elsewhere = hibernation("other", "demo-0").replace("{name: other}", "{name: other, namespace: b}");
    expect(await found(hibernation("demo-0", "demo-0"), elsewhere)).toEqual([]);
  });

  it("is not put off by a hibernation in the input that names no pod", async () => {
    const broken = `apiVersion: ${api}\nkind: CocoonHibernation\nmetadata: {name: a}\nspec: {desire: Wake}\n`;
    expect(await found(`${broken}---\n${hibernation("b", "b")}`)).toEqual([
      "4:1 undecodable spec.podRef.name",
    ]);
    expect(await found(hibernation("b", "b"), broken)).toEqual([]);
  });

  it("lets an old object be that keeps its spec, whatever it holds", async () => {
    const invalid = cocoonSet("{agent: {mode: walk}}");
    expect(await found(`${invalid}status: {}\n`, invalid)).toEqual([]);
  });

  it("judges a workload's first appearance as new although others are old", async () => {
    expect(await found(pod("prod"), cocoonSet("{agent: {image: a}}"))).toHaveLength(1);
  });

  it("does not judge the values of a status, which API servers drop, but the names of its fields, which they read", async () => {
    const set = cocoonSet("{agent: {image: a}}");
    expect(await found(`${set}status: {phase: Sleeping}\n`)).toEqual([]);
    expect(await found(`${set}status: {readyAgents: "1"}\n`)).toEqual([]);
    expect(await found(`${set}status: {radyAgents: 1}\n`)).toEqual(["5:10 unknown-field status.radyAgents"]);
  });

  it("takes the fields that API servers write for what they are", async () => {
    const stored = "metadata: {name: a, managedFields: [{manager: x}], selfLink: a, uid: b}";
    const set = `apiVersion: ${api}\nkind: CocoonSet\n${stored}\nspec: {agent: {image: a}}\n`;
    expect(await found(set)).toEqual([]);
  });

  it("says what cannot change in the words of the CustomResourceDefinition", () => {
    expect(podRefRules.map(({ message }) => message)).toEqual([podRefMessage]);
  });
});
