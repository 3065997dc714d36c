/**
 * Certificates that the webhook makes itself: an authority and a leaf in one Secret that its replicas share, and the
 * authorities written into the webhook configurations.
 *
 * @module
 */
export { BundlePublisher } from "./bundle-publisher.js";
export type { RenewalPolicy } from "./next-step.js";
export { SecretStore } from "./secret-store.js";
export { SelfManagedCertificates } from "./self-managed.js";
export type { TlsState } from "./tls-state.js";
