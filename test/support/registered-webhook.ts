import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import type { ControlPlane, KubectlResult } from "../controlplane/index.js";
import { until } from "./eventually.js";
import { list, namespace, pod, workload } from "./objects.js";
import { runExecutable, WebhookProcess } from "./webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");

/** Runs kubectl and expects it to succeed. */
export async function must(result: Promise<KubectlResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  if (code !== 0) throw new Error(`kubectl exited with ${code}: ${stderr}`);
  return stdout;
}

/** Applies objects as the administrator. */
export const apply = (plane: ControlPlane, ...objects: readonly object[]): Promise<string> =>
  must(plane.kubectl(["apply", "-f", "-"], { stdin: list(objects) }));

/** A webhook that the API server asks, as it would be installed: its own identity, and only the rights of config/rbac. */
export interface RegisteredWebhook extends AsyncDisposable, CertificateOnDisk {
  readonly webhook: WebhookProcess;
}

/** How the webhook is told what to do. */
export interface WebhookSettings {
  /** @default `--kubeconfig` with the webhook's own identity */
  readonly flags?: readonly string[];
  /** @default {} */
  readonly env?: NodeJS.ProcessEnv;
}

/** Where a serving certificate lies; it is its own authority. */
export interface CertificateOnDisk {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes what a webhook outside the cluster needs to serve `plane`: its account's rights, and a certificate for loopback. */
export async function prepareWebhook(plane: ControlPlane): Promise<CertificateOnDisk> {
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: list([namespace("cocoon-system")]) }));
  await must(plane.kubectl(["apply", "-k", path.join(repository, "config/rbac")]));

  // In the control plane's folder, so that the files go with it however this process ends.
  const folder = await mkdtemp(path.join(plane.folder, "webhook-"));
  const [certFile, keyFile] = [path.join(folder, "tls.crt"), path.join(folder, "tls.key")];
  const pair = await generateSelfSignedCert("cocoon-webhook", "127.0.0.1");
  await Promise.all([writeFile(certFile, pair.certPem), writeFile(keyFile, pair.keyPem)]);
  return { certFile, keyFile };
}

/**
 * Starts the webhook outside the cluster, registers it by URL with the output of `cocoon-webhook manifests`, and waits
 * until the API server really asks it. Disposing of it takes the registration back first.
 */
export async function registerWebhook(
  plane: ControlPlane,
  { flags = ["--kubeconfig", plane.kubeconfig("webhook")], env = {} }: WebhookSettings = {},
): Promise<RegisteredWebhook> {
  const { certFile, keyFile } = await prepareWebhook(plane);
  // All that it can say, so that the check of its output for secrets has something to look at.
  const verbose = { WEBHOOK_LOG_LEVEL: "trace", ...env };
  const webhook = await WebhookProcess.start(
    ["--tls-cert", certFile, "--tls-key", keyFile, ...flags],
    verbose,
  );
  const dispose = async (): Promise<void> => {
    await unregister(plane);
    await webhook.stop();
  };
  try {
    await register(plane, webhook.url, certFile);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { webhook, certFile, keyFile, [Symbol.asyncDispose]: dispose };
}

/** Registers what answers at `url`, with the output of `cocoon-webhook manifests`, and waits until the API server asks it. */
export async function register(plane: ControlPlane, url: string, caBundle: string): Promise<void> {
  const { code, stdout, stderr } = await runExecutable(["manifests", "--url", url, "--ca-bundle", caBundle]);
  if (code !== 0) throw new Error(stderr);
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: stdout }));
  await untilAsked(plane);
}

/** Takes the registration back. */
export const unregister = (plane: ControlPlane): Promise<KubectlResult> =>
  plane.kubectl([
    "delete",
    "mutatingwebhookconfiguration,validatingwebhookconfiguration",
    "cocoon-webhook",
    "--ignore-not-found",
  ]);

/** A registration takes effect within seconds: both are there when each has refused something. */
async function untilAsked(plane: ControlPlane): Promise<void> {
  const canary = "registration-canary";
  // Paused, so that it has no ReplicaSet, whose attempts to make a pod would outlive it by some time.
  await apply(plane, workload("Deployment", canary, 1, undefined, { paused: true }));
  const probes = [
    () => plane.kubectl(["create", "--dry-run=server", "-f", "-"], { stdin: JSON.stringify(pod(canary)) }),
    () => plane.kubectl(["scale", "deployment", canary, "--replicas=0", "--dry-run=server"]),
  ];
  await until(
    "the API server does not ask the webhook",
    () => Promise.all(probes.map((probe) => probe())),
    (results) => results.every(({ stderr }) => stderr.includes("denied the request")),
  );
  await must(plane.kubectl(["delete", "deployment", canary]));
}
