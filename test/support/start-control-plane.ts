import type { TestProject } from "vitest/node";
import {
  type ControlPlane,
  type ControlPlaneParts,
  ensureAssets,
  startControlPlane,
} from "../controlplane/index.js";
import { ensureRegistry } from "../registry/ensure-registry.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The control planes that the end-to-end tests share, one for each file that runs at a time; see `attachControlPlane`. */
    readonly controlPlanes: readonly ControlPlaneParts[];
  }
}

/** Those that stand behind workloads and the deletion of what tests made. */
const controllers = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "garbage-collector-controller",
  "namespace-controller",
  // Writes down what the API server's type checker says of an admission policy.
  "validatingadmissionpolicy-status-controller",
];

/**
 * Vitest's global setup: as many control planes as there are workers, because webhook configurations are cluster-wide, and
 * each for many files, because starting one takes seconds.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Both build from nothing in minutes. Where there is no Go for the registry, the files that need one say so themselves.
  const [result] = await Promise.all([ensureAssets(), ensureRegistry()]);
  if (!result.available) {
    throw new Error(`the end-to-end tests need a control plane: ${result.reason}; ${result.wayOut}`);
  }
  // A folder of envtest holds no controller manager; what needs one is then skipped by name.
  const available = result.assets.kubeControllerManager !== undefined;
  const options = { assets: result.assets, controllers: available ? controllers : [] };
  const planes: ControlPlane[] = [];
  try {
    while (planes.length < project.config.maxWorkers) planes.push(await startControlPlane(options));
  } catch (error) {
    await Promise.all(planes.map((plane) => plane.stop()));
    throw error;
  }
  const version = (await planes[0]?.request("GET", "/version"))?.body as { gitVersion: string };
  console.log(
    `The end-to-end tests ask Kubernetes ${version.gitVersion}, on ${planes.length} control planes.`,
  );
  project.provide(
    "controlPlanes",
    planes.map(({ parts }) => parts),
  );
  return async () => {
    await Promise.all(planes.map((plane) => plane.stop()));
  };
}
