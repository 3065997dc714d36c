/**
 * How API servers are told to ask the webhook, and about what; and what they can guard by themselves.
 *
 * @module
 */
export { admissionPolicies, type AdmissionPolicyOptions } from "./admission-policies.js";
export {
  type Metadata,
  type RegistrationOptions,
  type Target,
  timeoutSeconds,
  webhookConfigurations,
  type WebhookConfiguration,
  webhookName,
} from "./configurations.js";
export {
  devConfigurations,
  type DevRegistrationOptions,
  probeConfigurations,
  probeNameOf,
  probeWebhookName,
} from "./dev-configurations.js";
export { type Entry, mutating, validating } from "./entries.js";
