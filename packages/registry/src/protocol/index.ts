export { parseChallenges, type Challenge } from "./challenge.js";
export { digestOf, hasDigest, isDigest, type Digest, type DigestAlgorithm } from "./digest.js";
export { isObject, parseJson, textOf } from "./json.js";
export {
  descriptorOf,
  imageManifestType,
  manifestBytes,
  manifestTypeOf,
  manifestTypes,
  parseImageManifest,
  type Descriptor,
  type ImageManifest,
} from "./manifest.js";
export { isRepository, isTag } from "./names.js";
export { inOneLine, ociErrors, sayAbsence, type OciError } from "./oci-errors.js";
export { RegistryError, type RegistryErrorDetails, type RegistryErrorKind } from "./registry-error.js";
