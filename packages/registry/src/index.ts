/**
 * A client of OCI registries: tags, and small artifacts.
 *
 * @module
 */
export { openRegistry } from "./open-registry.js";
export { isDigest, RegistryError, type Digest, type RegistryErrorKind } from "./protocol/index.js";
export type {
  Artifact,
  Blob,
  Call,
  CallOptions,
  DeleteTagOptions,
  Operation,
  PulledArtifact,
  Registry,
  RegistryOptions,
} from "./registry.js";
export {
  readSettings,
  type Credentials,
  type RegistrySettings,
  type SettingsResult,
} from "./settings/index.js";
