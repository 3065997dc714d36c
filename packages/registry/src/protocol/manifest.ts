import { digestOf, isDigest, type Digest } from "./digest.js";
import { isObject, parseJson, textOf, textsOf } from "./json.js";

/** A piece of content by its digest, as manifests name it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The fields of an OCI image manifest that this client has a use for. */
export interface ImageManifest {
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The media type of the manifests that this client writes. */
export const imageManifestType = "application/vnd.oci.image.manifest.v1+json";

/**
 * Every kind of manifest, for the `Accept` header: CNCF distribution answers that a manifest is unknown when it has one of
 * a kind that was not asked for.
 */
export const manifestTypes: readonly string[] = [
  imageManifestType,
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** The manifest as bytes; equal manifests give equal bytes, and so an equal digest. */
export const manifestBytes = ({ artifactType, config, layers, annotations }: ImageManifest): Buffer =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: imageManifestType,
      artifactType,
      config: inOrder(config),
      layers: layers.map(inOrder),
      annotations: annotations && sorted(annotations),
    }),
  );

/** What a manifest says of a piece of content. */
export const descriptorOf = (
  mediaType: string,
  content: Uint8Array,
  annotations?: Readonly<Record<string, string>>,
): Descriptor => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
  ...(annotations !== undefined && { annotations }),
});

const inOrder = ({ mediaType, digest, size, annotations }: Descriptor): object => ({
  mediaType,
  digest,
  size,
  annotations: annotations && sorted(annotations),
});

const sorted = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The media type of any manifest, or undefined where the bytes are none. Older image manifests do not name it themselves;
 * then the answer's `Content-Type` counts.
 */
export function manifestTypeOf(bytes: Uint8Array, contentType: string | undefined): string | undefined {
  const manifest = parseJson(bytes);
  if (!isObject(manifest) || manifest["schemaVersion"] !== 2) return undefined;
  const type = textOf(manifest, "mediaType") ?? contentType?.split(";", 1)[0]?.trim();
  return type !== undefined && manifestTypes.includes(type) ? type : undefined;
}

/** Reads an image manifest, OCI's or Docker's; undefined for anything else, an index included. */
export function parseImageManifest(bytes: Uint8Array): ImageManifest | undefined {
  const manifest = parseJson(bytes);
  if (!isObject(manifest) || manifest["schemaVersion"] !== 2) return undefined;
  const config = descriptorIn(manifest["config"]);
  const layers = Array.isArray(manifest["layers"]) ? (manifest["layers"] as unknown[]).map(descriptorIn) : [];
  if (config === undefined || layers.includes(undefined)) return undefined;
  const artifactType = textOf(manifest, "artifactType");
  const annotations = textsOf(manifest, "annotations");
  return {
    ...(artifactType !== undefined && { artifactType }),
    config,
    layers: layers.filter((layer) => layer !== undefined),
    ...(annotations !== undefined && { annotations }),
  };
}

function descriptorIn(value: unknown): Descriptor | undefined {
  if (!isObject(value)) return undefined;
  const mediaType = textOf(value, "mediaType");
  const digest = textOf(value, "digest");
  const { size } = value;
  if (mediaType === undefined || digest === undefined || !isDigest(digest) || !isSize(size)) return undefined;
  const annotations = textsOf(value, "annotations");
  return { mediaType, digest, size, ...(annotations !== undefined && { annotations }) };
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
