import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { type Objects, StandInApiServer } from "./stand-in-api-server.js";
import { WebhookProcess } from "./webhook-process.js";

/** A webhook with a certificate in files and something that speaks as an API server does. */
export interface ClusteredWebhook extends AsyncDisposable {
  readonly webhook: WebhookProcess;
  readonly apiServer: StandInApiServer;
}

/** Starts both, the API server with further objects. */
export async function clusteredWebhook(
  flags: readonly string[] = [],
  objects: Objects = {},
): Promise<ClusteredWebhook> {
  const folder = await mkdtemp(path.join(tmpdir(), "cocoon-webhook-"));
  const apiServer = await StandInApiServer.start(objects);
  const file = (name: string): string => path.join(folder, name);
  const pair = await generateSelfSignedCert("cocoon-webhook", "127.0.0.1");
  await writeFile(file("tls.crt"), pair.certPem);
  await writeFile(file("tls.key"), pair.keyPem);
  await writeFile(file("kubeconfig"), apiServer.kubeconfig);
  const tls = ["--tls-cert", file("tls.crt"), "--tls-key", file("tls.key")];
  const webhook = await WebhookProcess.start([...tls, "--kubeconfig", file("kubeconfig"), ...flags]);
  return {
    webhook,
    apiServer,
    async [Symbol.asyncDispose]() {
      await webhook.stop();
      await apiServer[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
