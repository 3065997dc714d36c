import { find, type KubernetesObject } from "./rendered.js";

/** A verb on a resource, as `VERB RESOURCE[.GROUP] [NAMESPACE/]NAME`; `*` is any name, and any namespace. */
export type Grant = string;

interface Binding extends KubernetesObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

interface Role extends KubernetesObject {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/**
 * Everything that the objects' roles give a service account, one by one.
 *
 * @throws when a binding names a role that is not there
 */
export function grantsOf(
  objects: readonly KubernetesObject[],
  account: { readonly namespace: string; readonly name: string },
): ReadonlySet<Grant> {
  const bindings = objects
    .filter((object): object is Binding => /^(Cluster)?RoleBinding$/.test(object.kind))
    .filter(({ subjects }) =>
      subjects.some(
        ({ kind, namespace, name }) =>
          kind === "ServiceAccount" && namespace === account.namespace && name === account.name,
      ),
    );
  return new Set(
    bindings.flatMap(({ kind, metadata, roleRef }) => {
      const namespace = kind === "RoleBinding" ? metadata.namespace : undefined;
      return grantsOfRole(find(objects, roleRef.kind, roleRef.name) as Role, namespace);
    }),
  );
}

const grantsOfRole = ({ rules }: Role, namespace: string | undefined): Grant[] =>
  rules.flatMap(({ apiGroups, resources, resourceNames = ["*"], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) =>
          verbs.map((verb) => grant({ verb, group, resource, namespace, name })),
        ),
      ),
    ),
  );

interface GrantParts {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Puts a grant into words. */
export const grant = ({ verb, group, resource, namespace, name }: GrantParts): Grant =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
