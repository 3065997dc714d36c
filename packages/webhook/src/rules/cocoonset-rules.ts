import type { Rule } from "./rule.js";

const cocoonSet = (spec: string): string => `apiVersion: cocoonset.cocoonstack.io/v1
kind: CocoonSet
metadata:
  name: demo
spec:
${spec}`;

const image = "image: ghcr.io/cocoonstack/cocoon/ubuntu:24.04";

/** Rules about CocoonSets, and those of the schema, which CocoonHibernations have as well. */
export const cocoonSetRules = {
  "invalid-spec": {
    title: "a CocoonSet that breaks at least one rule",
    severity: "error",
    concerns: "CocoonSet",
    explanation:
      "The rules between fields: what firecracker can boot, what a static toolbox needs, names of toolboxes, one backend " +
      "for all. Every violation is told, each at its field.",
    wayOut: "correct the field as the message says",
    wayOutInMessage: true,
    examples: {
      bad: { manifests: cocoonSet(`  agent:\n    ${image}\n    backend: firecracker\n`) },
      good: { manifests: cocoonSet(`  agent:\n    ${image}\n    backend: firecracker\n    mode: run\n`) },
    },
  },
  undecodable: {
    title: "a CocoonSet or CocoonHibernation with a field that is missing or of the wrong type",
    severity: "error",
    concerns: "CocoonSet, CocoonHibernation",
    explanation: "The object cannot be read as what it says it is, so nothing else about it can be judged.",
    wayOut: "give the field a value of the type that is named",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: cocoonSet(`  agent:\n    ${image}\n    replicas: "2"\n`) },
      good: { manifests: cocoonSet(`  agent:\n    ${image}\n    replicas: 2\n`) },
    },
  },
  schema: {
    title: "a field that the schema of the CustomResourceDefinition does not allow",
    severity: "error",
    concerns: "CocoonSet, CocoonHibernation",
    explanation:
      "The API server holds the schema before it asks any webhook: words out of a list, bounds, patterns, lengths, what " +
      "must be there.",
    wayOut: "give the field a value that the schema allows",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: cocoonSet(`  agent:\n    ${image}\n    probePort: 70000\n`) },
      good: { manifests: cocoonSet(`  agent:\n    ${image}\n    probePort: 22\n`) },
    },
  },
  "unknown-field": {
    title: "a field that the API does not have",
    severity: "error",
    concerns: "CocoonSet, CocoonHibernation",
    explanation:
      "kubectl refuses a field that the API does not know; other clients are only warned, and the API server drops it, so " +
      "what was meant never happens.",
    wayOut: "correct the name of the field, or remove it",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: cocoonSet(`  agent:\n    ${image}\n    replica: 2\n`) },
      good: { manifests: cocoonSet(`  agent:\n    ${image}\n    replicas: 2\n`) },
    },
  },
  "invalid-metadata": {
    title: "a name, label or annotation that Kubernetes does not allow",
    severity: "error",
    concerns: "CocoonSet, CocoonHibernation",
    explanation:
      "The API server asks for a name, or a generateName to make one of, that is a DNS subdomain (RFC 1123): lower-case letters, digits, " +
      "'-' and '.'. Keys of labels and annotations, and values of labels, have forms of their own, which the message tells.",
    wayOut: "give the object a name or label as the message describes it",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: cocoonSet(`  agent:\n    ${image}\n`).replace("name: demo", "name: Demo_1") },
      good: { manifests: cocoonSet(`  agent:\n    ${image}\n`).replace("name: demo", "name: demo-1") },
    },
  },
  "cocoonset-warning": {
    title: "a change of a CocoonSet that takes VMs away",
    severity: "warning",
    concerns: "CocoonSet",
    explanation:
      "Fewer sub-agents and fewer toolboxes mean fewer VMs. That is how a CocoonSet is meant to be changed, so it is " +
      "allowed; the warning says which VMs go, and what is kept of them.",
    wayOut: "make sure that nobody needs these VMs any more",
    wayOutInMessage: false,
    examples: {
      bad: {
        before: cocoonSet(`  agent:\n    ${image}\n    replicas: 2\n`),
        manifests: cocoonSet(`  agent:\n    ${image}\n    replicas: 1\n`),
      },
      good: {
        before: cocoonSet(`  agent:\n    ${image}\n    replicas: 1\n`),
        manifests: cocoonSet(`  agent:\n    ${image}\n    replicas: 2\n`),
      },
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;
