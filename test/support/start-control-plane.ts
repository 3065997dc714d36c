import type { TestProject } from "vitest/node";
import {
  type ControlPlane,
  type ControlPlaneParts,
  ensureAssets,
  startControlPlane,
} from "../controlplane/index.js";
import { ensureRegistry } from "../registry/ensure-registry.js";
import { Teardown } from "./teardown.js";

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

/** How many files may run at the same time: as many as there are workers, and no more than were asked for. */
function filesAtOnce(project: TestProject): number {
  const { maxWorkers, watch } = project.config;
  // Another file may be asked for later.
  if (watch) return maxWorkers;
  const files = project.vitest.state.getPaths().filter((file) => project.matchesTestGlob(file));
  return Math.min(maxWorkers, files.length);
}

/**
 * Vitest's global setup: as many control planes as files run at the same time, because webhook configurations are cluster-wide, and
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
  const count = filesAtOnce(project);
  await using teardown = new Teardown();
  const planes: ControlPlane[] = [];
  teardown.defer(() => Promise.all(planes.map((plane) => plane.stop())));
  while (planes.length < count) planes.push(await startControlPlane(options));
  const version = (await planes[0]?.request("GET", "/version"))?.body as { gitVersion: string };
  console.log(
    `The end-to-end tests ask Kubernetes ${version.gitVersion}, on ${planes.length} control plane${planes.length === 1 ? "" : "s"}.`,
  );
  project.provide(
    "controlPlanes",
    planes.map(({ parts }) => parts),
  );
  const running = teardown.move();
  return () => running[Symbol.asyncDispose]();
}
