import path from "node:path";
import type { ControlPlane } from "../controlplane/index.js";
import { until } from "./eventually.js";
import { must } from "./registered-webhook.js";

const config = path.resolve(import.meta.dirname, "../../config");

/** Where the operator is installed, and its Lease is. */
export const operatorNamespace = "cocoon-system";

/** What of `config/operator` says who the operator is, and what it may do; without what a node would run. */
const files = ["service-account", "cluster-role", "cluster-role-binding", "role"].map(
  (name) => `operator/${name}.yaml`,
);

/** Gives the operator's service account the rights that it is installed with, and no others. Resolves once it has them. */
export async function grantOperator(plane: Pick<ControlPlane, "kubectl">): Promise<void> {
  const paths = ["base/namespace.yaml", ...files].map((file) => path.join(config, file));
  await must(plane.kubectl(["apply", ...paths.flatMap((file) => ["-f", file])]));
  await untilBound(plane, operatorNamespace);
}

/** The API server's authorizer learns of bindings a moment after they are stored; a start before that would log refusals. */
export async function untilBound(plane: Pick<ControlPlane, "kubectl">, namespace: string): Promise<void> {
  const as = `--as=system:serviceaccount:${namespace}:cocoon-operator`;
  const questions = [
    ["create", "pods", "--all-namespaces"],
    ["create", "leases.coordination.k8s.io", "-n", namespace],
  ];
  await until(
    "the operator's roles are not bound",
    () => Promise.all(questions.map((question) => plane.kubectl(["auth", "can-i", as, ...question]))),
    (answers) => answers.every(({ code }) => code === 0),
  );
}
