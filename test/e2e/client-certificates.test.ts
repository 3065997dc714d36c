import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { type ControlPlane, ensureAssets, startControlPlane } from "../controlplane/index.js";
import { until } from "../support/eventually.js";
import { pod } from "../support/objects.js";
import { must, prepareWebhook, registerWebhook, unregister } from "../support/registered-webhook.js";
import { runExecutable, WebhookProcess } from "../support/webhook-process.js";

/** A control plane of its own: its API server shows a certificate to webhooks. */
let plane: ControlPlane<string>;
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}: ${result.wayOut}`);
  plane = await startControlPlane<string>({
    assets: result.assets,
    identities: { apiServer: { user: "kube-apiserver", groups: [] } },
    webhookClient: "apiServer",
  });
  return () => plane.stop();
});

const flagsWith = (...flags: readonly string[]): readonly string[] => [
  ...["--kubeconfig", plane.kubeconfig("webhook"), "--client-ca", path.join(plane.folder, "client-ca.crt")],
  ...flags,
];
const create = (): ReturnType<typeof plane.kubectl> =>
  plane.kubectl(["create", "--dry-run=server", "-f", "-"], { stdin: JSON.stringify(pod("stray")) });

it("is asked by an API server whose AdmissionConfiguration names a certificate of CLIENT_CA", async () => {
  await using registered = await registerWebhook(plane, {
    flags: flagsWith("--client-names", "kube-apiserver"),
  });
  // Registered is one that has answered; this is the answer of a policy, and not of the gate.
  expect((await create()).stderr).toContain("tolerates virtual-kubelet.io/provider");
  const { webhook } = registered;
  expect(await webhook.call("/mutate", { body: "{}" })).toMatchObject({ status: 401 });
  expect(await webhook.call("/readyz", { method: "GET", headers: {} })).toMatchObject({ status: 200 });
});

it("refuses an API server of another name: what it asks about waits, and the log says why", async () => {
  const { certFile, keyFile } = await prepareWebhook(plane);
  const tls = ["--tls-cert", certFile, "--tls-key", keyFile];
  await using webhook = await WebhookProcess.start([
    ...tls,
    ...flagsWith("--client-names", "front-proxy-client"),
  ]);
  const { stdout } = await runExecutable(["manifests", "--url", webhook.url, "--ca-bundle", certFile]);
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: stdout }));
  try {
    await until("the API server does not ask", create, ({ code }) => code !== 0);
    const { stderr } = await create();
    expect(stderr).toMatch(/failed calling webhook "pods\.webhook\.cocoonstack\.io".*CLIENT_NAMES/);
    expect(await webhook.logged(({ commonName }) => commonName === "kube-apiserver")).toMatchObject({
      level: "warn",
      why: "its common name is not in CLIENT_NAMES",
    });
  } finally {
    await unregister(plane);
  }
});
