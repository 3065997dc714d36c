/**
 * How API servers are told to ask the webhook, and about what.
 *
 * @module
 */
export {
  type RegistrationOptions,
  type Target,
  webhookConfigurations,
  type WebhookConfiguration,
  webhookName,
} from "./configurations.js";
