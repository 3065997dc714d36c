import type { Entry, Rule } from "./entries.js";

/** The rules of an entry as the API has them; webhook configurations and admission policies share the shape. */
export const matchRules = (rules: readonly Rule[]): readonly object[] =>
  rules.map(({ group, version, resources, operations }) => ({
    apiGroups: [group],
    apiVersions: [version],
    resources,
    operations,
    scope: "Namespaced",
  }));

/**
 * The selector of the namespaces that an entry is about, absent where that is all of them. Each namespace carries its own
 * name as a label, set by the API server.
 */
export function namespaceSelector({
  exceptNamespaces,
  onlyNamespace,
}: Pick<Entry, "exceptNamespaces" | "onlyNamespace">): { readonly namespaceSelector?: object } {
  const term = (operator: "In" | "NotIn", values: readonly string[]): object => ({
    key: "kubernetes.io/metadata.name",
    operator,
    values,
  });
  const terms = [
    ...(exceptNamespaces === undefined ? [] : [term("NotIn", exceptNamespaces)]),
    ...(onlyNamespace === undefined ? [] : [term("In", [onlyNamespace])]),
  ];
  return terms.length === 0 ? {} : { namespaceSelector: { matchExpressions: terms } };
}
