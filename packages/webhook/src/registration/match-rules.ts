import type { Rule } from "./entries.js";

/** The rules of an entry as the API has them; webhook configurations and admission policies share the shape. */
export const matchRules = (rules: readonly Rule[]): readonly object[] =>
  rules.map(({ group, version, resources, operations }) => ({
    apiGroups: [group],
    apiVersions: [version],
    resources,
    operations,
    scope: "Namespaced",
  }));

/** A selector of all namespaces but these: each carries its own name as a label, set by the API server. */
export const exceptNamespaces = (namespaces: readonly string[]): object => ({
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: namespaces }],
});
