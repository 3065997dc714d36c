import type { Artifact } from "@cocoonstack/registry";
import type { Content, Snapshot } from "./snapshot-store.js";

/** What vk-cocoon writes on snapshots, and tells them by. */
const artifactType = "application/vnd.cocoonstack.snapshot.v1+json";
const configType = "application/vnd.cocoonstack.snapshot.config.v1+json";
const idAnnotation = "cocoonstack.snapshot.id";
const baseImageAnnotation = "cocoonstack.snapshot.baseimage";
/** In place of disk and memory. */
const contentType = "application/vnd.cocoonstack.snapshot.simulated.v1+json";

/**
 * A snapshot as an OCI artifact. The same content gives the same bytes, and so the same digest.
 *
 * @example
 * ```ts
 * artifactOf(snapshot).annotations?.["cocoonstack.snapshot.id"]; // "node-a/5e7a….3"
 * ```
 */
export const artifactOf = ({ vmName, image, content }: Snapshot): Artifact => ({
  artifactType,
  config: { mediaType: configType, content: json({ vmName, image }) },
  layers: [{ mediaType: contentType, content: json({ origin: content.origin, revision: content.revision }) }],
  annotations: { [idAnnotation]: `${content.origin}.${content.revision}`, [baseImageAnnotation]: image },
});

/**
 * The snapshot in an artifact.
 *
 * @throws {Error} when it is none of a simulated node.
 */
export function snapshotOf(reference: string, artifact: Artifact): Snapshot {
  const [layer] = artifact.layers;
  const config = parse(artifact.config.content);
  const content = parse(layer?.content);
  const isOurs =
    artifact.artifactType === artifactType && layer?.mediaType === contentType && isSnapshot(config, content);
  if (!isOurs) {
    throw new Error(`${reference} is no snapshot of a simulated VM, and nothing else can be started here`);
  }
  return { ...(config as Pick<Snapshot, "vmName" | "image">), content: content as Content };
}

const isSnapshot = (config: Partial<Snapshot>, content: Partial<Content>): boolean =>
  typeof config.vmName === "string" &&
  typeof config.image === "string" &&
  typeof content.origin === "string" &&
  typeof content.revision === "number";

const json = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));

function parse(bytes: Uint8Array = new Uint8Array()): object {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
