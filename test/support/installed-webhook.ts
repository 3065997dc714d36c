import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { issueAuthority, issueLeaf } from "@cocoonstack/common/k8s";
import type { ControlPlane } from "../controlplane/index.js";
import { containerOf, environmentOf } from "./container.js";
import { until } from "./eventually.js";
import { list, pod } from "./objects.js";
import { podIdentity } from "./pod-identity.js";
import { must } from "./registered-webhook.js";
import { find, type KubernetesObject } from "./rendered.js";
import { WebhookProcess } from "./webhook-process.js";

/** The webhook as a kustomization installs it, on a cluster without nodes. */
export interface InstalledWebhook extends AsyncDisposable {
  readonly webhook: WebhookProcess;
}

/**
 * Applies what a kustomization gives and does what nodes would do: runs the container's arguments with its environment, as
 * its service account, with a token that the API server issues. The Service leads to this machine; the name in the
 * certificate, the authorities and the rights are those of the installation. Waits until the API server asks.
 */
export async function installWebhook(
  plane: ControlPlane,
  objects: readonly KubernetesObject[],
): Promise<InstalledWebhook> {
  const registration = objects.filter(isRegistration);
  const rest = objects.filter((object) => !isRegistration(object));
  const applyAll = (some: readonly object[]): Promise<string> =>
    must(plane.kubectl(["apply", "-f", "-"], { stdin: list(some) }));
  await applyAll(rest.map((object) => (object.kind === "Service" ? leadingHere(object) : object)));
  const certificates = await issueCertificates(plane, objects);
  const webhook = await start(plane, objects, certificates.flags);
  const dispose = async (): Promise<void> => {
    const mine = objects.filter(({ kind }) => kind !== "Namespace" && kind !== "CustomResourceDefinition");
    await must(plane.kubectl(["delete", "-f", "-"], { stdin: list(mine) }));
    await webhook.stop();
  };
  try {
    await applyAll(registration.map((one) => certificates.inject(withPort(one, webhook.port))));
    await untilAsked(plane);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { webhook, [Symbol.asyncDispose]: dispose };
}

interface Registration extends KubernetesObject {
  readonly webhooks: readonly {
    readonly clientConfig: { readonly service: { readonly namespace: string; readonly name: string } };
  }[];
}

const isRegistration = ({ kind }: KubernetesObject): boolean => kind.endsWith("WebhookConfiguration");

/** An API server resolves a Service of this type to its name, and asks there for the certificate of the Service all the same. */
const leadingHere = (service: KubernetesObject): object => ({
  ...service,
  spec: { type: "ExternalName", externalName: "localhost" },
});

function withPort(configuration: KubernetesObject, port: number): Registration {
  const { webhooks } = configuration as Registration;
  const entries = webhooks.map((entry) => {
    const { service } = entry.clientConfig;
    return { ...entry, clientConfig: { ...entry.clientConfig, service: { ...service, port } } };
  });
  return { ...configuration, webhooks: entries };
}

interface Certificates {
  /** Where the webhook finds the certificate, where it is not what the container's environment says. */
  readonly flags: readonly string[];
  /** Writes the authority into the configurations. */
  readonly inject: (registration: Registration) => object;
}

interface Certificate extends KubernetesObject {
  readonly spec: { readonly dnsNames: readonly string[] };
}

/** Does cert-manager's work, if there is any. */
async function issueCertificates(
  plane: ControlPlane,
  objects: readonly KubernetesObject[],
): Promise<Certificates> {
  if (objects.every(({ kind }) => kind !== "Certificate")) return { flags: [], inject: (one) => one };
  const { metadata, spec } = find(objects, "Certificate", "cocoon-webhook-tls") as Certificate;
  const validity = { now: new Date(), lifetimeMs: 3_600_000 };
  const authority = await issueAuthority(validity);
  const leaf = await issueLeaf(authority, spec.dnsNames, validity);
  const folder = await mkdtemp(path.join(plane.folder, "webhook-"));
  const [cert, key] = [path.join(folder, "tls.crt"), path.join(folder, "tls.key")];
  await Promise.all([writeFile(cert, leaf.certPem), writeFile(key, leaf.keyPem)]);
  const injectFrom = `${metadata.namespace ?? ""}/${metadata.name}`;
  const caBundle = Buffer.from(authority.certPem).toString("base64");
  const inject = (registration: Registration): object => {
    if (registration.metadata.annotations?.["cert-manager.io/inject-ca-from"] !== injectFrom) {
      return registration;
    }
    const webhooks = registration.webhooks.map((entry) => ({
      ...entry,
      clientConfig: { ...entry.clientConfig, caBundle },
    }));
    return { ...registration, webhooks };
  };
  return { flags: ["--tls-cert", cert, "--tls-key", key], inject };
}

async function start(
  plane: ControlPlane,
  objects: readonly KubernetesObject[],
  flags: readonly string[],
): Promise<WebhookProcess> {
  const kubeconfig = await podIdentity(plane, objects, "cocoon-webhook");
  const [command, ...args] = containerOf(objects).args;
  if (command !== "serve") throw new Error(`the container does not serve: ${String(command)}`);
  const env = { ...environmentOf(objects), KUBECONFIG: kubeconfig };
  return WebhookProcess.start([...args, ...flags], env);
}

/** A registration takes effect within seconds, and a certificate authority that the webhook makes a few more. */
const untilAsked = (plane: ControlPlane): Promise<void> =>
  until(
    "the API server does not ask the webhook",
    () => plane.request("POST", "/api/v1/namespaces/default/pods?dryRun=All", pod("stray")),
    ({ status }) => status === 403,
  );
