import path from "node:path";
import { type ApiResponse, type ControlPlane, identities } from "../controlplane/index.js";
import {
  type Canary,
  installAdmissionPolicies,
  removeAdmissionPolicies,
  untilInEffect,
} from "./admission-policies.js";
import { guarded, guardedWorkload, hibernation, pathOf } from "./guarded-objects.js";
import { namespace, pod } from "./objects.js";
import { apply, must } from "./registered-webhook.js";

/** Who asks. All of them may do everything in the namespace, so that nothing but a policy stops them. */
export type User = "admin" | "alice" | "operator" | "controllerManager";
export const userNames: Readonly<Record<User, string>> = {
  admin: identities.admin.user,
  alice: identities.alice.user,
  operator: identities.operator.user,
  controllerManager: identities.controllerManager.user,
};

/** The name of a policy, by the resource that it guards. */
export const policyOf = (name: string): string => `${name}.policy.cocoonstack.io`;

const patchTypeOf = (patch: unknown): string =>
  Array.isArray(patch) ? "application/json-patch+json" : "application/merge-patch+json";

const canaryName = "canary";

/** A namespace that the admission policies guard, and the requests that tests make in it. */
export class PolicyBench {
  readonly #plane: ControlPlane;
  readonly namespace: string;

  constructor(plane: ControlPlane, name: string) {
    this.#plane = plane;
    this.namespace = name;
  }

  /** A request for each policy that it refuses, by the policy's name. */
  readonly canaries: Readonly<Record<string, Canary>> = {
    [policyOf("pods")]: () => this.create("Pod", pod(canaryName)),
    [policyOf("cocoonhibernations")]: () => this.create("CocoonHibernation", hibernation("a", "b")),
    ...Object.fromEntries(
      guarded.flatMap(({ kind, resource }) => [
        [policyOf(resource), () => this.patch(kind, canaryName, { spec: { replicas: 0 } })],
        [policyOf(`${resource}-scale`), () => this.scale(kind, canaryName, 0)],
      ]),
    ),
  };

  /**
   * Makes the namespace, installs the policies and waits for each; gives what was installed.
   *
   * @param beforeGuarded stores what nobody could store afterwards
   */
  async open(beforeGuarded: () => Promise<unknown> = () => Promise.resolve()): Promise<string> {
    const plane = this.#plane;
    const crds = path.resolve(import.meta.dirname, "../../config/crd");
    await must(plane.kubectl(["apply", "--server-side", "--force-conflicts", "-k", crds]));
    const crd = "crd/cocoonhibernations.cocoonset.cocoonstack.io";
    await must(plane.kubectl(["wait", "--for=condition=Established", crd]));
    const rbac = { apiGroup: "rbac.authorization.k8s.io" };
    await apply(plane, namespace(this.namespace), {
      apiVersion: `${rbac.apiGroup}/v1`,
      kind: "RoleBinding",
      metadata: { name: "all", namespace: this.namespace },
      roleRef: { ...rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: Object.values(userNames).map((name) => ({ ...rbac, kind: "User", name })),
    });
    await beforeGuarded();
    for (const { kind } of guarded) await this.store(kind, guardedWorkload(kind, canaryName));
    const printed = await installAdmissionPolicies(plane);
    await untilInEffect(this.canaries);
    return printed;
  }

  /** Takes the policies away, and the namespace. */
  async close(): Promise<void> {
    await removeAdmissionPolicies(this.#plane);
    await this.#plane.kubectl(["delete", "namespace", this.namespace, "--wait=false"]);
  }

  /** Creates an object, and means it. */
  async store(kind: string, object: object): Promise<void> {
    const { status, body } = await this.#plane.request("POST", pathOf(this.namespace, kind), object);
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  }

  /** A server-side dry run: admission is the same, and nothing is stored. So are all below. */
  try(
    method: "POST" | "PUT" | "PATCH",
    url: string,
    body: unknown,
    as: User = "admin",
  ): Promise<ApiResponse> {
    return this.#plane.request(method, `${url}?dryRun=All`, body, {
      as,
      ...(method === "PATCH" ? { contentType: patchTypeOf(body) } : {}),
    });
  }

  create(kind: string, object: object, as?: User): Promise<ApiResponse> {
    return this.try("POST", pathOf(this.namespace, kind), object, as);
  }

  replace(kind: string, name: string, object: object, as?: User): Promise<ApiResponse> {
    return this.try("PUT", pathOf(this.namespace, kind, name), object, as);
  }

  /** A merge patch, or a JSON patch where it is a list. */
  patch(kind: string, name: string, patch: object, as?: User): Promise<ApiResponse> {
    return this.try("PATCH", pathOf(this.namespace, kind, name), patch, as);
  }

  scale(kind: string, name: string, replicas: number, as?: User): Promise<ApiResponse> {
    const url = `${pathOf(this.namespace, kind, name)}/scale`;
    return this.try("PATCH", url, { spec: { replicas } }, as);
  }
}
