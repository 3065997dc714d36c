import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../controlplane/ports.js";
import { list, namespace } from "../support/objects.js";
import { must, prepareWebhook } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { WebhookProcess } from "../support/webhook-process.js";

const plane = sharedControlPlane();
const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/troubleshooting.md"), "utf8");
const space = "troubleshooting";
let webhook: WebhookProcess;
let caBundle: string;

beforeAll(async () => {
  const { certFile, keyFile } = await prepareWebhook(plane);
  caBundle = readFileSync(certFile, "utf8");
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: list([namespace(space)]) }));
  webhook = await WebhookProcess.start([
    ...["--tls-cert", certFile, "--tls-key", keyFile, "--kubeconfig", plane.kubeconfig("webhook")],
    ...["--listen-addr", "0.0.0.0:0"],
  ]);
  return () => webhook.stop();
});

const registration = "troubleshooting.webhook.cocoonstack.io";
afterAll(() => must(plane.kubectl(["delete", "validatingwebhookconfiguration", registration])));

interface ClientConfig {
  readonly url?: string;
  readonly service?: object;
  readonly caBundle?: string;
}

/** What somebody reads who writes an object that a webhook registered like this is about. */
async function messageWith(clientConfig: ClientConfig): Promise<string> {
  const encoded = clientConfig.caBundle && Buffer.from(clientConfig.caBundle).toString("base64");
  const entry = {
    name: registration,
    clientConfig: { ...clientConfig, caBundle: encoded },
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": space } },
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    timeoutSeconds: 1,
  };
  const apiVersion = "admissionregistration.k8s.io/v1";
  const kind = "ValidatingWebhookConfiguration";
  const object = { apiVersion, kind, metadata: { name: registration }, webhooks: [entry] };
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: JSON.stringify(object) }));
  // Takes effect within seconds, and every case says something that the one before did not.
  for (;;) {
    const { stderr } = await plane.kubectl([
      ...["create", "configmap", "x", "--namespace", space, "--dry-run=server"],
    ]);
    const isOurs = stderr.includes(clientConfig.url ?? `.${space}.svc`);
    if (isOurs && stderr !== last) {
      last = stderr;
      return stderr;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
let last = "";

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The headings of the page that are messages, as patterns: `…` stands for what differs. */
const patterns = [...page.matchAll(/^### `(.*)`$/gm)].map(
  ([, message = ""]) => new RegExp(message.split("…").map(escaped).join(".+")),
);
const isOnThePage = (message: string): boolean => patterns.some((pattern) => pattern.test(message));

describe("what API servers say is on the page", () => {
  it("where an authority is not the one that signed", async () => {
    const stranger = await generateSelfSignedCert("stranger", "127.0.0.1");
    const message = await messageWith({ url: `${webhook.url}/mutate`, caBundle: stranger.certPem });
    expect(message).toMatch(
      /Internal error occurred: failed calling webhook "\S+": failed to call webhook: Post "https:\S+": tls: /,
    );
    expect(message).toSatisfy(isOnThePage);
  });

  it("where a name is not in the certificate", async () => {
    const url = `https://127.0.0.2:${webhook.port}/mutate`;
    expect(await messageWith({ url, caBundle })).toSatisfy(isOnThePage);
  });

  it("where nobody listens", async () => {
    const { closed } = await freePorts("closed");
    const url = `https://127.0.0.1:${closed}/mutate`;
    expect(await messageWith({ url, caBundle })).toSatisfy(isOnThePage);
  });

  it("where nobody answers in time", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    expect(await messageWith({ url: `https://127.0.0.1:${port}/mutate`, caBundle })).toSatisfy(isOnThePage);
    silent.close();
  });

  it("where the Service is not there", async () => {
    const service = { namespace: space, name: "cocoon-webhook", path: "/mutate" };
    expect(await messageWith({ service, caBundle })).toSatisfy(isOnThePage);
  });
});
