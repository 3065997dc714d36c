import type { Metadata } from "../registration/index.js";

/** Who runs a webhook for development. */
export interface Owner {
  /** Name of the machine. */
  readonly host: string;
  readonly pid: number;
  /** When it started, in ISO 8601. */
  readonly since: string;
}

/** By this label every registration of `cocoon-webhook dev` is found, and no other. */
const ownLabel = { key: "app.kubernetes.io/managed-by", value: "cocoon-webhook-dev" } as const;

/** The selector for {@link ownLabel}. */
export const labelSelector = `${ownLabel.key}=${ownLabel.value}`;

const annotations = {
  host: "dev.webhook.cocoonstack.io/host",
  pid: "dev.webhook.cocoonstack.io/pid",
  since: "dev.webhook.cocoonstack.io/since",
} as const;

/**
 * What a registration of this owner is called, such as `cocoon-webhook-dev-laptop-3f9a1c`.
 *
 * @param distinction lower-case letters and digits that tell it from others of the same machine
 */
export function metadataOf(owner: Owner, distinction: string): Metadata {
  const machine = owner.host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 30)
    .replaceAll(/^-|-$/g, "");
  return {
    name: ["cocoon-webhook-dev", machine, distinction].filter((part) => part !== "").join("-"),
    labels: { [ownLabel.key]: ownLabel.value },
    annotations: {
      [annotations.host]: owner.host,
      [annotations.pid]: String(owner.pid),
      [annotations.since]: owner.since,
    },
  };
}

/** Whose a registration is; undefined where somebody has changed what says so. */
export function ownerOf({ annotations: found = {} }: Pick<Metadata, "annotations">): Owner | undefined {
  const { [annotations.host]: host, [annotations.pid]: pid, [annotations.since]: since } = found;
  if (host === undefined || since === undefined || !/^[1-9][0-9]{0,9}$/.test(pid ?? "")) return undefined;
  return { host, pid: Number(pid), since };
}
