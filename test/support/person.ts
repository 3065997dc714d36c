import type { ApiResponse, ControlPlane, KnownIdentity, KubectlResult } from "../controlplane/index.js";
import { apiPath, type Kind } from "./api-path.js";
import { until } from "./eventually.js";
import { namespace } from "./objects.js";
import { apply } from "./registered-webhook.js";

/** Somebody at work in one namespace. */
export interface Person {
  /** Runs kubectl in the namespace; `stdin` is what `-f -` reads. */
  kubectl(args: readonly string[], stdin?: object, env?: NodeJS.ProcessEnv): Promise<KubectlResult>;
  create(kind: Kind, object: object): Promise<ApiResponse>;
  get(kind: Kind, name: string): Promise<ApiResponse>;
  /** By merge patch, unless another media type is given; the name may go on to a subresource, as in `web/scale`. */
  patch(kind: Kind, name: string, patch: object, contentType?: string): Promise<ApiResponse>;
  remove(kind: Kind, name: string): Promise<ApiResponse>;
}

/** The person whom an identity of the control plane stands for, at work in `ns`. */
export function person(plane: ControlPlane, ns: string, as: KnownIdentity): Person {
  return {
    kubectl: (args, stdin, env) =>
      plane.kubectl(["-n", ns, ...args], {
        as,
        ...(stdin && { stdin: JSON.stringify(stdin) }),
        ...(env && { env }),
      }),
    create: (kind, object) => plane.request("POST", apiPath(kind, ns), object, { as }),
    get: (kind, name) => plane.request("GET", apiPath(kind, ns, name), undefined, { as }),
    patch: (kind, name, patch, contentType = "application/merge-patch+json") =>
      plane.request("PATCH", apiPath(kind, ns, name), patch, { as, contentType }),
    remove: (kind, name) => plane.request("DELETE", apiPath(kind, ns, name), undefined, { as }),
  };
}

/** The message of a refusal. */
export const messageOf = ({ body }: ApiResponse): string => (body as { message?: string }).message ?? "";

/** The body of an answer that has to be good. */
export async function good(answer: Promise<ApiResponse>): Promise<unknown> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`the API server answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/**
 * A namespace as teams have them: the developers (alice) hold what Kubernetes' own role `edit` is made of (a controller
 * would have to put it together) and may write Cocoon's objects, the operator may do everything.
 */
export async function openNamespace(plane: ControlPlane, ns: string): Promise<void> {
  const apiGroup = "rbac.authorization.k8s.io";
  const apiVersion = `${apiGroup}/v1`;
  const bind = (name: string, kind: string, role: string, subject: object): object => ({
    apiVersion,
    kind: "RoleBinding",
    metadata: { name, namespace: ns },
    roleRef: { apiGroup, kind, name: role },
    subjects: [subject],
  });
  const developers = { apiGroup, kind: "Group", name: "developers" };
  const operator = { kind: "ServiceAccount", name: "cocoon-operator", namespace: "cocoon-system" };
  await apply(
    plane,
    namespace(ns),
    {
      apiVersion,
      kind: "Role",
      metadata: { name: "cocoon-editor", namespace: ns },
      rules: [{ apiGroups: ["cocoonset.cocoonstack.io"], resources: ["*"], verbs: ["*"] }],
    },
    ...["edit", "view"].map((role) =>
      bind(`developers-${role}`, "ClusterRole", `system:aggregate-to-${role}`, developers),
    ),
    bind("developers-cocoon", "Role", "cocoon-editor", developers),
    bind("operator", "ClusterRole", "cluster-admin", operator),
  );
  // The API server's authorizer learns of bindings a moment after they are stored. The last ones of each are asked for, by a
  // review, because `kubectl auth can-i` says no to a resource whose CRD is not installed.
  const resourceAttributes = {
    namespace: ns,
    verb: "create",
    group: "cocoonset.cocoonstack.io",
    resource: "cocoonsets",
  };
  const stdin = JSON.stringify({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  });
  const review = ["create", "--raw", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "-f", "-"];
  await Promise.all(
    (["alice", "operator"] as const).map((as) =>
      until(
        `${as} may not create CocoonSets in ${ns}`,
        () => plane.kubectl(review, { as, stdin }),
        ({ stdout }) => stdout.includes('"allowed":true'),
      ),
    ),
  );
}

/** Has the namespace deleted, without waiting for it. */
export const closeNamespace = (plane: ControlPlane, ns: string): Promise<KubectlResult> =>
  plane.kubectl(["delete", "namespace", ns, "--wait=false"]);
