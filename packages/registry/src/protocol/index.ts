export { isDigest, type Digest, type DigestAlgorithm } from "./digest.js";
export { RegistryError, type RegistryErrorDetails, type RegistryErrorKind } from "./registry-error.js";
