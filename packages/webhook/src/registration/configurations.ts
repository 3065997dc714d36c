import { type Entry, mutating, scale, validating } from "./entries.js";
import { matchRules, namespaceSelector } from "./match-rules.js";

/** How API servers reach the webhook. */
export type Target =
  | { readonly by: "service"; readonly namespace: string; readonly name: string; readonly port: number }
  /** Base URL without a path, e.g. `https://127.0.0.1:8443`. */
  | { readonly by: "url"; readonly url: string };

/** What a registration depends on. */
export interface RegistrationOptions {
  readonly target: Target;
  /** PEM of the authorities that the webhook's certificate is checked against; absent where something else injects it. */
  readonly caBundlePem?: string | undefined;
  /**
   * What happens to scale-downs by `/scale` while the webhook cannot be asked. "Ignore" is for where admission policies
   * guard them as well.
   *
   * @default "Fail"
   */
  readonly scaleFailurePolicy?: "Fail" | "Ignore" | undefined;
}

/** A `ValidatingWebhookConfiguration` or `MutatingWebhookConfiguration`, as far as we write one. */
export interface WebhookConfiguration {
  readonly apiVersion: "admissionregistration.k8s.io/v1";
  readonly kind: "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration";
  readonly metadata: Metadata;
  readonly webhooks: readonly object[];
}

/** What a configuration is called, and how it is found again. */
export interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What the two configurations hold. */
export interface Contents {
  readonly metadata: Metadata;
  readonly mutating: readonly Entry[];
  readonly validating: readonly Entry[];
}

/** How long API servers wait for an answer. */
export const timeoutSeconds = 5;

/** Name of both configurations, of the Service and of the Deployment. */
export const webhookName = "cocoon-webhook";

/**
 * The two configurations that make API servers ask the webhook: the one source of `config/` and of
 * `cocoon-webhook manifests`.
 */
export const webhookConfigurations = (options: RegistrationOptions): readonly WebhookConfiguration[] =>
  configurationsOf({ metadata: { name: webhookName }, mutating, validating }, options);

/** The two configurations with these entries. */
export const configurationsOf = (
  contents: Contents,
  options: RegistrationOptions,
): readonly WebhookConfiguration[] => [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: contents.metadata,
    webhooks: contents.mutating.map((entry) => ({ ...render(entry, options), reinvocationPolicy: "Never" })),
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: contents.metadata,
    webhooks: contents.validating.map((entry) => render(entry, options)),
  },
];

function render(entry: Entry, options: RegistrationOptions): object {
  const { failurePolicy = (entry === scale ? options.scaleFailurePolicy : undefined) ?? "Fail" } = entry;
  return {
    name: entry.name,
    clientConfig: clientConfig(entry.path, options),
    rules: matchRules(entry.rules),
    ...(entry.conditions.length === 0 ? {} : { matchConditions: entry.conditions }),
    ...namespaceSelector(entry),
    matchPolicy: "Equivalent",
    failurePolicy,
    sideEffects: "None",
    timeoutSeconds,
    admissionReviewVersions: ["v1"],
  };
}

function clientConfig(path: string, { target, caBundlePem }: RegistrationOptions): object {
  const reach =
    target.by === "url"
      ? { url: `${target.url}${path}` }
      : { service: { namespace: target.namespace, name: target.name, port: target.port, path } };
  return { ...reach, ...(caBundlePem === undefined ? {} : { caBundle: base64(caBundlePem) }) };
}

const base64 = (pem: string): string => Buffer.from(pem).toString("base64");
