/**
 * Kubernetes objects in YAML and JSON text, and where in the text each of their fields stands.
 *
 * @module
 */
export { type Fault, isFault, type Manifest, type Place } from "./manifest.js";
export { ManifestReader } from "./manifest-reader.js";
export { parseManifests, type ParseResult } from "./parse-manifests.js";
