/**
 * The running webhook: servers, certificate, readiness, metrics, and the order of its end.
 *
 * @module
 */
export { ApiServerProbe } from "./api-server-probe.js";
export {
  type CertificateFiles,
  checkTexts,
  readTexts,
  type ServingCertificate,
  validityFault,
} from "./certificate.js";
export type { CertificateEvents, CertificateRenewal } from "./certificate-renewal.js";
export { CertificateWatcher } from "./certificate-watcher.js";
export { CertificateError } from "./pem-file.js";
export { ClientAuthorities } from "./client-authorities.js";
export { both } from "./both.js";
export { type Addresses, runWebhook, type WebhookOptions } from "./webhook.js";
