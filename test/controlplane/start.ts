import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { apiClient } from "./api-client.js";
import { AssetsError, type Assets } from "./assets.js";
import { auditPolicy } from "./audit-policy.js";
import { issueClientCertificates } from "./client-certificates.js";
import {
  controlPlane,
  kubeconfigFile,
  writeKubeconfigs,
  type ControlPlane,
  type Credentials,
  type Parts,
} from "./control-plane.js";
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  filesIn,
  type Files,
  type Ports,
} from "./flags.js";
import { identities, issueTokens, tokensCsv, type Identity, type KnownIdentity } from "./identities.js";
import { freePorts } from "./ports.js";
import type { SupervisedProcess } from "./process.js";
import { StartError, waitUntilReady } from "./readiness.js";
import { openSandbox, type Sandbox } from "./sandbox.js";
import { writeWebhookClient } from "./webhook-client.js";

/** What kind of control plane to start. */
export interface ControlPlaneOptions<Extra extends string = never> {
  /** The executables, from `ensureAssets`. */
  readonly assets: Assets;
  /**
   * The controllers to run, by the names of kube-controller-manager's `--controllers`, such as `deployment-controller`. None means
   * no controller manager at all.
   *
   * @default []
   */
  readonly controllers?: readonly string[];
  /** Further identities, by the names that the test calls them. */
  readonly identities?: Readonly<Record<Extra, Identity>>;
  /** Admission plugins besides those that are on by default, such as `OwnerReferencesPermissionEnforcement`. @default [] */
  readonly admissionPlugins?: readonly string[];
  /** The identity whose certificate the API server shows to the webhooks that it asks. @default it shows none */
  readonly webhookClient?: KnownIdentity | Extra;
  /** How long each attempt to start may take. It takes about 4 seconds on a quiet machine. @default 60_000 */
  readonly timeoutMs?: number;
}

/**
 * Starts etcd, kube-apiserver and, if there are controllers to run, kube-controller-manager, on free ports of 127.0.0.1 and in a
 * temporary folder. Nothing of it outlives this process, however that ends.
 *
 * @throws {StartError} when a process ends before it is ready, or is not ready in time. Nothing is left running then.
 * @throws {AssetsError} when there are controllers to run and no kube-controller-manager to run them.
 *
 * @example
 * await using plane = await startControlPlane({ assets });
 * const { stdout } = await plane.kubectl(["auth", "whoami"], { as: "alice" });
 */
export async function startControlPlane<Extra extends string = never>(
  options: ControlPlaneOptions<Extra>,
): Promise<ControlPlane<KnownIdentity | Extra>> {
  const plan = planOf(options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(plan);
    } catch (error) {
      // Between the moment a port was free and the moment it was bound, somebody else may have taken it.
      if (attempt === 3 || !isPortTaken(error)) throw error;
    }
  }
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof StartError && error.log.some((line) => line.includes("address already in use"));

interface Plan {
  readonly assets: Assets;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly webhookClient: string | undefined;
  readonly admissionPlugins: readonly string[];
  /** Undefined when there are no controllers to run. */
  readonly controllerManager:
    { readonly command: string; readonly controllers: readonly string[] } | undefined;
}

function planOf(options: ControlPlaneOptions<string>): Plan {
  const { assets, controllers = [], admissionPlugins = [], timeoutMs = 60_000, webhookClient } = options;
  const credentials = issueTokens<string>({ ...identities, ...options.identities });
  const plan = { assets, credentials, timeoutMs, webhookClient, admissionPlugins };
  if (controllers.length === 0) return { ...plan, controllerManager: undefined };
  if (assets.kubeControllerManager === undefined) {
    throw new AssetsError(
      `There is no kube-controller-manager in ${assets.folder}, and this test needs ${controllers.join(", ")}. ` +
        "Put it there, or unset KUBEBUILDER_ASSETS to have all executables built with Go.",
    );
  }
  const controllerManager = { command: assets.kubeControllerManager, controllers };
  return { ...plan, controllerManager };
}

async function start(plan: Plan): Promise<ControlPlane<string>> {
  const sandbox = await openSandbox(await mkdtemp(path.join(tmpdir(), "cocoon-controlplane-")));
  try {
    const files = filesIn(sandbox.folder);
    await writeSecrets(files, plan.credentials);
    await writeClientCertificates(sandbox.folder, files, plan.credentials);
    if (plan.webhookClient !== undefined) {
      const file = (extension: string): string =>
        path.join(sandbox.folder, `${String(plan.webhookClient)}.${extension}`);
      await writeWebhookClient(files, { certFile: file("crt"), keyFile: file("key") });
    }
    const ports = await freePorts("etcdClient", "etcdPeer", "apiServer", "controllerManager");
    const deadline = performance.now() + plan.timeoutMs;
    const parts = await startApiServer(sandbox, plan, { files, ports, deadline });
    await writeKubeconfigs(parts);
    await startControllerManager(sandbox, plan, { files, ports, deadline });
    return controlPlane(parts);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function writeSecrets(files: Files, credentials: Credentials): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const write = (file: string, content: string): Promise<void> => writeFile(file, content, { mode: 0o600 });
  await Promise.all([
    write(files.serviceAccountPrivateKey, privateKey),
    write(files.serviceAccountPublicKey, publicKey),
    write(files.tokens, tokensCsv(Object.values(credentials))),
    write(files.auditPolicy, JSON.stringify(auditPolicy)),
  ]);
}

async function writeClientCertificates(
  folder: string,
  files: Files,
  credentials: Credentials,
): Promise<void> {
  const { caPem, certificates } = await issueClientCertificates(credentials);
  const write = (file: string, content: string): Promise<void> =>
    writeFile(path.join(folder, file), content, { mode: 0o600 });
  await writeFile(files.clientCa, caPem);
  for (const [name, { certPem, keyPem }] of Object.entries(certificates)) {
    await write(`${name}.crt`, certPem);
    await write(`${name}.key`, keyPem);
  }
}

/** What both steps of one attempt share. */
interface Attempt {
  readonly files: Files;
  readonly ports: Ports;
  /** Of `performance.now()`, in milliseconds. */
  readonly deadline: number;
}

/** How long an API server that is restarted may take to end by itself. */
const stopGraceMs = 10_000;

async function startApiServer(
  sandbox: Sandbox,
  plan: Plan,
  { files, ports, deadline }: Attempt,
): Promise<Parts> {
  const { assets, credentials, admissionPlugins } = plan;
  const choices = { showsCertificate: plan.webhookClient !== undefined, admissionPlugins };
  const launch = (): SupervisedProcess =>
    sandbox.start({
      name: "kube-apiserver",
      command: assets.kubeApiserver,
      args: apiServerFlags(files, ports, choices),
    });
  // Both at once: the API server waits for etcd by itself, and has much to do before it needs it.
  const etcd = sandbox.start({ name: "etcd", command: assets.etcd, args: etcdFlags(files, ports) });
  let apiServer = launch();
  const url = `https://127.0.0.1:${ports.apiServer}`;
  const caFile = path.join(files.apiServerCertificates, "apiserver.crt");
  const token = credentials["admin"]?.token ?? "";
  const ready = (until: number): Promise<void> =>
    waitUntilReady(apiServer, [etcd], until, () => ask(`${url}/readyz`, caFile, token));
  await ready(deadline);
  return {
    folder: sandbox.folder,
    url,
    caFile,
    ca: await readFile(caFile, "utf8"),
    kubectl: assets.kubectl,
    credentials,
    etcdUrl: `http://127.0.0.1:${ports.etcdClient}`,
    restartApiServer: async () => {
      await apiServer.stop(stopGraceMs);
      apiServer = launch();
      await ready(performance.now() + plan.timeoutMs);
    },
    close: () => sandbox.close(),
  };
}

async function startControllerManager(
  sandbox: Sandbox,
  { controllerManager }: Plan,
  { files, ports, deadline }: Attempt,
): Promise<void> {
  if (controllerManager === undefined) return;
  const { command, controllers } = controllerManager;
  const kubeconfig = kubeconfigFile(sandbox.folder, "controllerManager");
  const args = controllerManagerFlags(files, ports, kubeconfig, controllers);
  const started = sandbox.start({ name: "kube-controller-manager", command, args });
  const healthz = `https://127.0.0.1:${ports.controllerManager}/healthz`;
  const caFile = path.join(files.controllerManagerCertificates, "kube-controller-manager.crt");
  await waitUntilReady(started, [], deadline, () => ask(healthz, caFile, ""));
}

/** One question to a health endpoint: undefined when it answers 200, otherwise what it said. */
async function ask(endpoint: string, caFile: string, token: string): Promise<string | undefined> {
  const { origin, pathname } = new URL(endpoint);
  // Read each time: the process writes the file while it starts.
  const client = apiClient(origin, await readFile(caFile, "utf8"));
  try {
    const { status, body } = await client.call({ method: "GET", path: pathname, token, timeoutMs: 2_000 });
    return status === 200 ? undefined : `${pathname} answers ${status}: ${String(body)}`;
  } finally {
    client.close();
  }
}
