import { writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { Files } from "./flags.js";

/** A certificate and its key, as files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Writes what makes an API server show a certificate to every webhook that it asks. */
export async function writeWebhookClient(files: Files, certificate: CertificateFiles): Promise<void> {
  const plugin = (name: string): object => ({
    name,
    configuration: {
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "WebhookAdmissionConfiguration",
      kubeConfigFile: files.webhookClientKubeconfig,
    },
  });
  const configuration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [plugin("MutatingAdmissionWebhook"), plugin("ValidatingAdmissionWebhook")],
  };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    // By the host of the webhook; this is any.
    users: [
      {
        name: "*",
        user: { "client-certificate": certificate.certFile, "client-key": certificate.keyFile },
      },
    ],
  };
  await Promise.all([
    writeFile(files.admissionConfiguration, JSON.stringify(configuration)),
    writeFile(files.webhookClientKubeconfig, stringify(kubeconfig), { mode: 0o600 }),
  ]);
}
