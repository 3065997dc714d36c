/**
 * Clients of the API server: cluster configuration, pooled connections, patches, conditions, TLS, and the environment.
 *
 * @module
 */
export { ApiError, apiErrorOf } from "./api-error.js";
export { backdateMs, issueAuthority, issueLeaf, type Validity } from "./certificate-authority.js";
export type { ClientTls, ClusterConfig, Credentials, ServerVerification } from "./cluster-config.js";
export type {
  ApiRequest,
  ApiResponse,
  ApiStream,
  CallOptions,
  ClusterConnection,
  JsonResponse,
} from "./cluster-connection.js";
export { newClientset, type Clientset } from "./clientset.js";
export { conditionTypeReady, newReadyCondition, setStatusCondition, type NewCondition } from "./condition.js";
export { ConfigError } from "./config-error.js";
export { connect, type ConnectOptions } from "./connect.js";
export { DecodeError, decodeUnstructured, type CocoonKinds } from "./decode-unstructured.js";
export { detectNodeIP } from "./detect-node-ip.js";
export { errorCode } from "../internal/index.js";
export { envBool } from "./env-bool.js";
export { envDuration } from "./env-duration.js";
export { envOrDefault } from "./env-or-default.js";
export { loadConfig, type LoadConfigOptions } from "./load-config.js";
export { CertificateError, loadOrGenerateCert, type LoadedCert } from "./load-or-generate-cert.js";
export { mergePatchOf } from "./merge-patch-of.js";
export { annotationsMergePatch, statusMergePatch } from "./merge-patch.js";
export { parseDurationNs } from "./parse-duration.js";
export type { ObjectRef } from "./patch-object.js";
export { patchCocoonSetGeneration, patchHibernateState, type PodLike } from "./patch-pod.js";
export { patchStatus, type PatchStatusOptions, type StatusDraft } from "./patch-status.js";
export { RequestError, type RequestErrorKind } from "./request-error.js";
export { generateSelfSignedCert, type KeyPair } from "./self-signed-cert.js";
export { sleep } from "./sleep.js";
