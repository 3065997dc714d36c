import { configurationsOf, type Metadata, type WebhookConfiguration } from "./configurations.js";
import { type Entry, mutating, validating } from "./entries.js";

/** How a webhook on somebody's own machine is registered. */
export interface DevRegistrationOptions {
  /** Base URL without a path, e.g. `https://127.0.0.1:8443`. */
  readonly url: string;
  /** PEM of the certificate that it serves. */
  readonly caBundlePem: string;
  readonly metadata: Metadata;
  /** Where the ConfigMap of the probe would be. */
  readonly probeNamespace: string;
  /** The one namespace whose objects it is asked about; undefined: all that the real registration looks at. */
  readonly namespace: string | undefined;
}

/**
 * What `webhookConfigurations` gives, with `failurePolicy: Ignore` and names of its own, and with a probe in each: see
 * {@link probeNameOf}.
 */
export function devConfigurations(options: DevRegistrationOptions): readonly WebhookConfiguration[] {
  const entries = (list: readonly Entry[]): Entry[] => list.map((entry) => ofDev(entry, options.namespace));
  return withProbes({ mutating: entries(mutating), validating: entries(validating) }, options);
}

/** A configuration with a probe alone: whether the webhook can be reached is found out before anything depends on it. */
export const probeConfigurations = (
  options: Omit<DevRegistrationOptions, "namespace">,
): readonly WebhookConfiguration[] =>
  withProbes({ mutating: [], validating: [] }, options).filter(
    ({ kind }) => kind === "ValidatingWebhookConfiguration",
  );

/**
 * The name of the ConfigMap whose creation reaches the webhook by this configuration, whatever else it is asked about. It
 * is sent as a dry run, so that nobody ever sees it.
 */
export const probeNameOf = ({ kind, metadata }: Pick<WebhookConfiguration, "kind" | "metadata">): string =>
  `${metadata.name}-${kind === "MutatingWebhookConfiguration" ? "mutating" : "validating"}`;

type Entries = Readonly<Record<"mutating" | "validating", readonly Entry[]>>;

function withProbes(
  entries: Entries,
  { url, caBundlePem, metadata, probeNamespace }: Omit<DevRegistrationOptions, "namespace">,
): readonly WebhookConfiguration[] {
  const probe = (kind: WebhookConfiguration["kind"]): Entry =>
    probeEntry(probeNameOf({ kind, metadata }), probeNamespace);
  const contents = {
    metadata,
    mutating: [...entries.mutating, probe("MutatingWebhookConfiguration")],
    validating: [...entries.validating, probe("ValidatingWebhookConfiguration")],
  };
  return configurationsOf(contents, { target: { by: "url", url }, caBundlePem });
}

const ofDev = (entry: Entry, onlyNamespace: string | undefined): Entry => ({
  ...entry,
  name: entry.name.replace(".webhook.", ".dev.webhook."),
  failurePolicy: "Ignore",
  onlyNamespace,
});

/** Name of the entry that a probe reaches, as API servers name it where they cannot ask. */
export const probeWebhookName = "probe.dev.webhook.cocoonstack.io";

/**
 * Fail, because the API server then says why it could not ask. A ConfigMap with `generateName` has no name yet, and a
 * condition that reads one would refuse it. The namespace bounds it a second time, should a condition be lost.
 */
const probeEntry = (name: string, onlyNamespace: string): Entry => ({
  name: probeWebhookName,
  path: "/warn",
  rules: [{ group: "", version: "v1", resources: ["configmaps"], operations: ["CREATE"] }],
  conditions: [
    { name: "is-probe", expression: `has(object.metadata.name) && object.metadata.name == '${name}'` },
  ],
  onlyNamespace,
  failurePolicy: "Fail",
});
