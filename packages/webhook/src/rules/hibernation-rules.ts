import type { Rule } from "./rule.js";

const hibernation = (name: string, podName: string): string => `apiVersion: cocoonset.cocoonstack.io/v1
kind: CocoonHibernation
metadata:
  name: ${name}
spec:
  podRef:
    name: ${podName}
  desire: Hibernate
`;

/** Rules about CocoonHibernations. */
export const hibernationRules = {
  "name-differs": {
    title: "a CocoonHibernation that does not bear the name of its pod",
    severity: "error",
    concerns: "CocoonHibernation",
    explanation:
      "Names are unique, so a hibernation that bears the name of its pod is the only one for it, even where two are created " +
      "at the same instant.",
    wayOut: "set metadata.name to the name of the pod",
    wayOutInMessage: true,
    examples: {
      bad: { manifests: hibernation("sleep", "demo-0") },
      good: { manifests: hibernation("demo-0", "demo-0") },
    },
  },
  "second-hibernation": {
    title: "a CocoonHibernation for a pod that another one speaks for",
    severity: "error",
    concerns: "CocoonHibernation",
    explanation:
      "Two hibernations would suspend and wake one VM against each other. The others are those before it in the input, and " +
      "with --old those that are there already.",
    wayOut: "keep one CocoonHibernation for the pod, and set its spec.desire",
    wayOutInMessage: true,
    examples: {
      bad: { before: hibernation("old-name", "demo-0"), manifests: hibernation("demo-0", "demo-0") },
      good: { before: hibernation("demo-1", "demo-1"), manifests: hibernation("demo-0", "demo-0") },
    },
  },
  "immutable-field": {
    title: "a change of a field that never changes",
    severity: "error",
    concerns: "CocoonHibernation",
    explanation:
      "A hibernation that is pointed at another pod would leave the first one's snapshot without an owner, so the API " +
      "server refuses to change spec.podRef. Found with --old.",
    wayOut: "delete the object and create another one",
    wayOutInMessage: true,
    examples: {
      bad: { before: hibernation("demo-0", "demo-0"), manifests: hibernation("demo-0", "demo-1") },
      good: {
        before: hibernation("demo-0", "demo-0"),
        manifests: hibernation("demo-0", "demo-0").replace("Hibernate", "Wake"),
      },
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;
