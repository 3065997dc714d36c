import type { Rule } from "./rule.js";

const cocoonSet = (apiVersion: string, name: string): string => `apiVersion: ${apiVersion}
kind: CocoonSet
metadata:
  name: ${name}
spec:
  agent:
    image: ghcr.io/cocoonstack/cocoon/ubuntu:24.04
`;

const version = "cocoonset.cocoonstack.io/v1";

/** Rules about the input as a whole. */
export const manifestRules = {
  "unknown-kind": {
    title: "a kind or version that the Cocoon API does not have",
    severity: "error",
    concerns: "everything in the group cocoonset.cocoonstack.io",
    explanation: "The API server has no such resource, so kubectl cannot apply the object.",
    wayOut: `use apiVersion ${version} with kind CocoonSet or CocoonHibernation`,
    wayOutInMessage: false,
    examples: {
      bad: { manifests: cocoonSet("cocoonset.cocoonstack.io/v1beta1", "demo") },
      good: { manifests: cocoonSet(version, "demo") },
    },
  },
  "duplicate-object": {
    title: "an object that stands in the input twice",
    severity: "warning",
    concerns: "everything that a rule is about",
    explanation:
      "kubectl apply lets the later one win, kubectl create fails. Which of them was meant, nobody can tell.",
    wayOut: "keep one of them",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: `${cocoonSet(version, "demo")}---\n${cocoonSet(version, "demo")}` },
      good: { manifests: `${cocoonSet(version, "demo")}---\n${cocoonSet(version, "other")}` },
    },
  },
  "not-an-object": {
    title: "a document that is no Kubernetes object, and was not checked",
    severity: "warning",
    concerns: "everything without apiVersion and kind",
    explanation:
      "Nothing says what it is, so no rule was asked about it: perhaps a file of another tool, perhaps a mistyped key.",
    wayOut: "set apiVersion and kind, or leave the file out",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: "replicas: 2\n" },
      good: { manifests: cocoonSet(version, "demo") },
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;
