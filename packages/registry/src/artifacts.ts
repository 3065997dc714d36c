import { readBlob, writeBlob } from "./blobs.js";
import type { Deadline } from "./deadline.js";
import { readManifest, writeManifest, type Repository } from "./manifests.js";
import {
  descriptorOf,
  digestOf,
  imageManifestType,
  manifestBytes,
  parseImageManifest,
  RegistryError,
  type Descriptor,
  type Digest,
  type ImageManifest,
} from "./protocol/index.js";
import type { Artifact, Blob, PulledArtifact } from "./registry.js";

/** Uploads the content first, then the manifest: what has a tag is whole. */
export async function pushArtifact(
  repository: Repository,
  tag: string,
  artifact: Artifact,
  deadline: Deadline,
): Promise<Digest> {
  const { requester } = repository;
  // By digest, because the same content may be in an artifact more than once.
  const contents = new Map<Digest, Uint8Array>();
  const described = ({ mediaType, content, annotations }: Blob): Descriptor => {
    const descriptor = descriptorOf(mediaType, content, annotations);
    contents.set(descriptor.digest, content);
    return descriptor;
  };
  const bytes = manifestBytes({
    ...artifact,
    config: described(artifact.config),
    layers: artifact.layers.map(described),
  });
  for (const [digest, content] of contents) {
    await requester.persistently(deadline, () => writeBlob(repository, digest, content, deadline));
  }
  const manifest = { digest: digestOf(bytes), mediaType: imageManifestType, bytes };
  await requester.persistently(deadline, () => writeManifest(repository, tag, manifest, deadline));
  return manifest.digest;
}

/** The artifact with a tag or digest, or undefined where there is none. */
export async function pullArtifact(
  repository: Repository,
  reference: string,
  maxBytes: number,
  deadline: Deadline,
): Promise<PulledArtifact | undefined> {
  const { requester } = repository;
  const stored = await requester.persistently(deadline, () =>
    readManifest(repository, reference, "pull", deadline),
  );
  if (stored === undefined) return undefined;
  const manifest = parseImageManifest(stored.bytes);
  if (manifest === undefined) {
    throw new RegistryError(
      "malformed",
      `it is a manifest of the type ${stored.mediaType}, and of no artifact`,
    );
  }
  checkSize(manifest, maxBytes);
  const { config, layers, ...rest } = manifest;
  const blobs: Blob[] = [];
  for (const { mediaType, annotations, ...named } of [config, ...layers]) {
    const content = await requester.persistently(deadline, () => readBlob(repository, named, deadline));
    blobs.push({ mediaType, content, ...(annotations !== undefined && { annotations }) });
  }
  const [configBlob, ...layerBlobs] = blobs as [Blob, ...Blob[]];
  return { ...rest, digest: stored.digest, config: configBlob, layers: layerBlobs };
}

function checkSize({ config, layers }: ImageManifest, maxBytes: number): void {
  const bytes = layers.reduce((sum, layer) => sum + layer.size, config.size);
  if (bytes <= maxBytes) return;
  throw new RegistryError("too-large", `the artifact has ${bytes} bytes, and at most ${maxBytes} are taken`);
}
