import { writeFile } from "node:fs/promises";
import { connect, type PeerCertificate } from "node:tls";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { beforeAll, describe, expect, it } from "vitest";
import { identities } from "../controlplane/index.js";
import { list, pod } from "../support/objects.js";
import { type RegisteredWebhook, registerWebhook } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { runExecutable, type WebhookProcess } from "../support/webhook-process.js";

const plane = sharedControlPlane();
const operator = identities.operator.user;
let registered: RegisteredWebhook;

// The cluster comes by the variable here, where all other tests name it by the flag; POD_CREATORS likewise.
beforeAll(async () => {
  registered = await registerWebhook(plane, {
    flags: [],
    env: { KUBECONFIG: plane.kubeconfig("webhook"), POD_CREATORS: `${operator}, somebody-else` },
  });
  return () => registered[Symbol.asyncDispose]();
});

/** The certificate that a new connection gets. */
function servedCertificate(webhook: WebhookProcess): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: webhook.port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    }).on("error", reject);
  });
}

describe("POD_CREATORS", () => {
  const ownerReferences = [
    { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "forged", uid: "1" },
  ];
  const create = (as: "admin" | "operator"): ReturnType<typeof plane.kubectl> =>
    plane.kubectl(["create", "--dry-run=server", "-f", "-"], {
      stdin: list([pod("owned", { ownerReferences })]),
      as,
    });

  it("refuses an owned pod from anybody else, whatever their rights: an owner reference can be forged", async () => {
    expect((await create("admin")).stderr).toContain(
      'pod default/owned tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and user "admin" may not ' +
        "create such pods: create a CocoonSet and let the operator make its pods, or have the user added to the " +
        "webhook's POD_CREATORS",
    );
  });

  it("admits one from a user that it names", async () => {
    const role = ["create", "clusterrolebinding", "operator-edits-pods", "--clusterrole=cluster-admin"];
    await plane.kubectl([...role, `--user=${operator}`]);
    expect(await create("operator")).toMatchObject({ code: 0 });
    await plane.kubectl(["delete", "clusterrolebinding", "operator-edits-pods"]);
  });
});

describe("readiness", () => {
  it("includes the API server", async () => {
    expect(await registered.webhook.call("/readyz?verbose", { method: "GET", headers: {} })).toMatchObject({
      status: 200,
      body: "[+]certificate ok\n[+]api-server ok\n[+]serving ok\nreadyz check passed\n",
    });
  });
});

describe("the certificate's files", () => {
  it("are read again when they change; a broken pair is reported, and the old one stays", async () => {
    const { webhook, certFile, keyFile } = registered;
    const first = await servedCertificate(webhook);
    await writeFile(keyFile, (await generateSelfSignedCert("stranger", "127.0.0.1")).keyPem);
    const broken = await webhook.logged((line) => line["level"] === "error");
    expect(JSON.stringify(broken)).toContain("does not belong to the certificate");
    expect((await servedCertificate(webhook)).serialNumber).toBe(first.serialNumber);

    const renewed = await generateSelfSignedCert("renewed", "127.0.0.1");
    await writeFile(certFile, renewed.certPem);
    await writeFile(keyFile, renewed.keyPem);
    await webhook.logged((line) => line["msg"] === "serving a new certificate");
    const served = await servedCertificate(webhook);
    expect(served.subject.CN).toBe("renewed");
    const expiry = (await webhook.metrics()).get("cocoon_webhook_certificate_expiry_timestamp_seconds");
    expect(expiry).toBe(Date.parse(served.valid_to) / 1000);
  });
});

describe("a start against a real API server", () => {
  it("ends where the API server does not know who we are", { timeout: 60_000 }, async () => {
    const { stdout } = await plane.kubectl(["config", "view", "--raw", "-o", "json"]);
    const config = JSON.parse(stdout) as { users: unknown[] };
    const file = `${plane.folder}/nobody.kubeconfig`;
    const users = config.users.map((user) => ({ ...(user as object), user: { token: "nobody" } }));
    await writeFile(file, JSON.stringify({ ...config, users }));
    const { certFile, keyFile } = registered;
    const tls = ["--tls-cert", certFile, "--tls-key", keyFile];
    const { code, stderr } = await runExecutable(["serve", ...tls, "--kubeconfig", file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^cocoon-webhook: no use of the API server https:\S+ within 15 s: the API server does not accept the webhook's credentials \(401\); check the kubeconfig/,
    );
  });
});
