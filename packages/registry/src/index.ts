/**
 * A client of OCI registries: tags, and small artifacts.
 *
 * @module
 */
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
} from "./registry.js";
