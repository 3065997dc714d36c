import type { TestProject } from "vitest/node";
import { type ControlPlaneParts, ensureAssets, startControlPlane } from "../controlplane/index.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The control plane that all end-to-end tests share; see `attachControlPlane`. */
    readonly controlPlane: ControlPlaneParts;
  }
}

/** Those that stand behind workloads and the deletion of what tests made. */
const controllers = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "garbage-collector-controller",
  "namespace-controller",
];

/** Vitest's global setup: one control plane for all files, because starting one takes seconds. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const result = await ensureAssets();
  if (!result.available) {
    throw new Error(`the end-to-end tests need a control plane: ${result.reason}; ${result.wayOut}`);
  }
  // A folder of envtest holds no controller manager; what needs one is then skipped by name.
  const available = result.assets.kubeControllerManager !== undefined;
  const plane = await startControlPlane({ assets: result.assets, controllers: available ? controllers : [] });
  const { body } = await plane.request("GET", "/version");
  console.log(`The end-to-end tests ask Kubernetes ${(body as { gitVersion: string }).gitVersion}.`);
  project.provide("controlPlane", plane.parts);
  return () => plane.stop();
}
