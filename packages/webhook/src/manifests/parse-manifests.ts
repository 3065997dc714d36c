import { type Fault, isFault, type Manifest } from "./manifest.js";
import { ManifestReader } from "./manifest-reader.js";

/** What a text holds, and what of it could not be read. */
export interface ParseResult {
  readonly manifests: readonly Manifest[];
  readonly faults: readonly Fault[];
}

/**
 * Reads a text that is there as a whole, as `ManifestReader` does.
 *
 * @param file what the text is called in places and faults
 */
export function parseManifests(file: string, text: string): ParseResult {
  const reader = new ManifestReader(file);
  const read = [...reader.push(text), ...reader.end()];
  return {
    manifests: read.flatMap((item) => (isFault(item) ? [] : [item])),
    faults: read.filter(isFault),
  };
}
