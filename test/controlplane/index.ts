/** A real Kubernetes control plane for tests and demos: see README.md beside this file. */
export { AssetsError, ensureAssets, type Assets, type AssetsOptions, type AssetsResult } from "./assets.js";
export { BuildError } from "./build.js";
export type { ApiResponse } from "./api-client.js";
export {
  attachControlPlane,
  type ControlPlane,
  type ControlPlaneParts,
  type KubectlOptions,
  type RequestOptions,
} from "./control-plane.js";
export { identities, serviceAccount, type Identity, type KnownIdentity } from "./identities.js";
export type { KubectlResult } from "./kubectl.js";
export { defaultMinor, type KubernetesMinor } from "./kubernetes.js";
export {
  kubernetesVariable,
  KubernetesVersionError,
  requestedMinor,
  supportedMinors,
  takeKubernetesOption,
} from "./kubernetes-option.js";
export { StartError } from "./readiness.js";
export { startControlPlane, type ControlPlaneOptions } from "./start.js";
