import { type Entry, mutating, validating } from "./entries.js";

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
}

/** A `ValidatingWebhookConfiguration` or `MutatingWebhookConfiguration`, as far as we write one. */
export interface WebhookConfiguration {
  readonly apiVersion: "admissionregistration.k8s.io/v1";
  readonly kind: "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration";
  readonly metadata: { readonly name: string };
  readonly webhooks: readonly object[];
}

/** Name of both configurations, of the Service and of the Deployment. */
export const webhookName = "cocoon-webhook";

/**
 * The two configurations that make API servers ask the webhook: the one source of `config/` and of
 * `cocoon-webhook manifests`.
 */
export function webhookConfigurations(options: RegistrationOptions): readonly WebhookConfiguration[] {
  const metadata = { name: webhookName };
  return [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata,
      webhooks: mutating.map((entry) => ({ ...render(entry, options), reinvocationPolicy: "Never" })),
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata,
      webhooks: validating.map((entry) => render(entry, options)),
    },
  ];
}

function render(entry: Entry, options: RegistrationOptions): object {
  const { failurePolicy = "Fail" } = entry;
  return {
    name: entry.name,
    clientConfig: clientConfig(entry.path, options),
    rules: entry.rules.map(({ group, version, resources, operations }) => ({
      apiGroups: [group],
      apiVersions: [version],
      resources,
      operations,
      scope: "Namespaced",
    })),
    ...(entry.conditions.length === 0 ? {} : { matchConditions: entry.conditions }),
    ...(entry.exceptNamespaces === undefined ? {} : { namespaceSelector: except(entry.exceptNamespaces) }),
    matchPolicy: "Equivalent",
    failurePolicy,
    sideEffects: "None",
    timeoutSeconds: 5,
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

/** Every namespace carries its own name as a label, set by the API server. */
const except = (namespaces: readonly string[]): object => ({
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: namespaces }],
});

const base64 = (pem: string): string => Buffer.from(pem).toString("base64");
