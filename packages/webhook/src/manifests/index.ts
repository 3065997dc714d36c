/**
 * Kubernetes objects in YAML and JSON text, and where in the text each of their fields stands.
 *
 * @module
 */
export type { Fault, Manifest, Place } from "./manifest.js";
export { parseManifests, type ParseResult } from "./parse-manifests.js";
