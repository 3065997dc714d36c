export type { Credentials } from "./credentials.js";
export {
  readSettings,
  type Environment,
  type ReadText,
  type RegistrySettings,
  type SettingsResult,
} from "./read-settings.js";
export type { RegistryUrl } from "./registry-url.js";
