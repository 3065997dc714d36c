import type { Metadata } from "../registration/index.js";

/** Who runs a webhook for development. */
export interface Owner {
  /** Name of the machine, for people: others may be called the same. */
  readonly host: string;
  /** Tells the machine from all others. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in ISO 8601. */
  readonly since: string;
  /** Namespace of the probe: it reaches the owner from there alone. */
  readonly probeNamespace: string;
}

/** By this label every registration of `cocoon-webhook dev` is found, and no other. */
const ownLabel = { key: "app.kubernetes.io/managed-by", value: "cocoon-webhook-dev" } as const;

/** The selector for {@link ownLabel}. */
export const labelSelector = `${ownLabel.key}=${ownLabel.value}`;

const annotations = {
  host: "dev.webhook.cocoonstack.io/host",
  machine: "dev.webhook.cocoonstack.io/machine",
  pid: "dev.webhook.cocoonstack.io/pid",
  since: "dev.webhook.cocoonstack.io/since",
  probeNamespace: "dev.webhook.cocoonstack.io/probe-namespace",
} as const;

/**
 * What a registration of this owner is called, such as `cocoon-webhook-dev-laptop-3f9a1c`.
 *
 * @param distinction lower-case letters and digits that tell it from others of the same machine
 */
export function metadataOf(owner: Owner, distinction: string): Metadata {
  const host = owner.host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 30)
    .replaceAll(/^-|-$/g, "");
  return {
    name: ["cocoon-webhook-dev", host, distinction].filter((part) => part !== "").join("-"),
    labels: { [ownLabel.key]: ownLabel.value },
    annotations: {
      [annotations.host]: owner.host,
      [annotations.machine]: owner.machine,
      [annotations.pid]: String(owner.pid),
      [annotations.since]: owner.since,
      [annotations.probeNamespace]: owner.probeNamespace,
    },
  };
}

/** Whose a registration is; undefined where somebody has changed what says so. */
export function ownerOf({ annotations: found = {} }: Pick<Metadata, "annotations">): Owner | undefined {
  const pid = found[annotations.pid] ?? "";
  if (!/^[1-9][0-9]{0,9}$/.test(pid)) return undefined;
  const { [annotations.host]: host, [annotations.machine]: machine } = found;
  const { [annotations.since]: since, [annotations.probeNamespace]: probeNamespace } = found;
  if (host === undefined || machine === undefined) return undefined;
  if (since === undefined || probeNamespace === undefined) return undefined;
  return { host, machine, pid: Number(pid), since, probeNamespace };
}
