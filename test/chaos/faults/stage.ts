import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateSelfSignedCert, type KeyPair } from "@cocoonstack/common/k8s";
import { freePorts } from "../../controlplane/ports.js";
import { admissionRequest, reviewOf, scaleRequest } from "../../support/admission-request.js";
import { pod, workload } from "../../support/objects.js";
import { StandInApiServer } from "../../support/stand-in-api-server.js";
import { WebhookProcess } from "../../support/webhook-process.js";

/** A webhook with an API server that can be told to misbehave, and with its files. */
export interface Stage extends AsyncDisposable {
  readonly webhook: WebhookProcess;
  readonly apiServer: StandInApiServer;
  readonly files: Readonly<Record<"cert" | "key" | "token", string>>;
  readonly pair: KeyPair;
}

const cocoonPath = "/apis/apps/v1/namespaces/shop/deployments/agents";

/** Sets it up. The API server has the Deployments `web`, which is ordinary, and `agents`, whose pods are VMs. */
export async function stage(env: NodeJS.ProcessEnv = {}): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), "cocoon-chaos-"));
  const files = {
    cert: path.join(folder, "tls.crt"),
    key: path.join(folder, "tls.key"),
    token: path.join(folder, "token"),
  };
  const apiServer = await StandInApiServer.start({ [cocoonPath]: workload("Deployment", "agents", 3) });
  const pair = await generateSelfSignedCert("cocoon-webhook", "127.0.0.1");
  await writeFile(files.cert, pair.certPem);
  await writeFile(files.key, pair.keyPem);
  await writeFile(files.token, "first");
  const config = JSON.parse(apiServer.kubeconfig) as object;
  const users = [{ name: "me", user: { tokenFile: files.token } }];
  const kubeconfig = path.join(folder, "kubeconfig");
  await writeFile(kubeconfig, JSON.stringify({ ...config, users }));
  const flags = ["--tls-cert", files.cert, "--tls-key", files.key, "--kubeconfig", kubeconfig];
  const webhook = await WebhookProcess.start([...flags, "--drain-delay", "0s"], env);
  return {
    webhook,
    apiServer,
    files,
    pair,
    async [Symbol.asyncDispose]() {
      await webhook.stop();
      await apiServer[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the API server of a stage and its admission request for `/scale` are about. */
export type Scaled = "web" | "agents";

/** Asks whether a Deployment may have fewer replicas: `allowed`, `refused 503: REASON`, or how it failed. */
export async function scaleDown(webhook: WebhookProcess, name: Scaled): Promise<string> {
  const review = scaleRequest("deployments", 3, 1, { name, namespace: "shop" });
  return decisionOf(webhook, "/validate?timeout=2s", reviewOf(review));
}

/** Asks about a stray pod, for which nothing has to be looked up: always `refused 403`. */
export async function strayPod(webhook: WebhookProcess): Promise<string> {
  const review = reviewOf(admissionRequest("Pod", { object: pod("stray") }));
  return decisionOf(webhook, "/mutate?timeout=2s", review);
}

async function decisionOf(webhook: WebhookProcess, url: string, body: string): Promise<string> {
  try {
    const { status, body: text } = await webhook.call(url, { body });
    if (status !== 200) return `HTTP ${status}`;
    const { response } = JSON.parse(text) as { response: { allowed: boolean; status?: { code: number } } };
    return response.allowed ? "allowed" : `refused ${response.status?.code ?? 0}`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** Asks again and again until the answer is the wanted one, and gives how long that took. */
export async function timeUntil(
  wanted: string,
  ask: () => Promise<string>,
  timeoutMs = 30_000,
): Promise<number> {
  const startedAtMs = performance.now();
  for (;;) {
    const answer = await ask();
    const elapsedMs = performance.now() - startedAtMs;
    if (answer === wanted) return elapsedMs;
    if (elapsedMs > timeoutMs)
      throw new Error(`still "${answer}" instead of "${wanted}" after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts a webhook without a cluster on an address that it can be started on again. */
export async function standalone(env: NodeJS.ProcessEnv = {}): Promise<{
  readonly webhook: WebhookProcess;
  readonly again: () => Promise<WebhookProcess>;
}> {
  const { port } = await freePorts("port");
  const start = (variables: NodeJS.ProcessEnv): Promise<WebhookProcess> =>
    WebhookProcess.start(
      [
        ...["--standalone", "--listen-addr", `127.0.0.1:${port}`],
        ...["--drain-delay", "1s", "--shutdown-timeout", "5s"],
      ],
      variables,
    );
  return { webhook: await start(env), again: () => start({}) };
}
