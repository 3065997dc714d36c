import { type ControlPlane, ensureAssets, startControlPlane } from "../../test/controlplane/index.js";
import { namespace, workload } from "../../test/support/objects.js";
import { apply } from "../../test/support/registered-webhook.js";

/** Where the benchmark's objects are. */
export const benchNamespace = "bench";

/**
 * A real API server with Deployments in it, half of them of VMs; without controllers, so that nothing but what is measured
 * happens.
 *
 * @throws {Error} where this machine cannot run one
 */
export async function startPlane(deployments: number): Promise<ControlPlane> {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}; ${result.wayOut}`);
  const plane = await startControlPlane({ assets: result.assets });
  const each = Array.from({ length: deployments }, (_, index) => index);
  await apply(plane, namespace(benchNamespace));
  await apply(
    plane,
    ...each.map((index) => inBench(workload("Deployment", ordinaryName(index), 5, []))),
    ...each.map((index) => inBench(workload("Deployment", cocoonName(index), 5))),
  );
  return plane;
}

export const ordinaryName = (index: number): string => `web-${index}`;
export const cocoonName = (index: number): string => `agents-${index}`;

/** The object in the benchmark's namespace. */
const inBench = (object: object): object => ({
  ...object,
  metadata: { ...(object as { metadata: object }).metadata, namespace: benchNamespace },
});
