/**
 * Admission webhooks in general: the review on the wire, the answers, and a request listener around a handler.
 * Knows nothing of Cocoon.
 *
 * @module
 */
export { type BodyAccount, BodyBudget } from "./body-budget.js";
export { type Decoded, decodeReview } from "./decode.js";
export { type HttpFault, sendStatus } from "./http-status.js";
export { escapeJSONPointer, type JSONPatchOp, marshalPatch } from "./json-patch.js";
export { allow, deny, type DenyOptions, patched, type ResponseExtras } from "./response.js";
export {
  type AdmissionContext,
  type AdmissionHandler,
  type ProtocolFault,
  serve,
  type ServeOptions,
} from "./serve.js";
export { callerTimeoutMs } from "./timeout.js";
export * from "./types.js";
