import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { issueAuthority, issueLeaf, type KeyPair } from "@cocoonstack/common/k8s";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueClientCertificates } from "../controlplane/client-certificates.js";
import { admissionRequest, reviewOf } from "../support/admission-request.js";
import { type Answer, runExecutable, WebhookProcess } from "../support/webhook-process.js";

const body = reviewOf(admissionRequest("Pod", { object: { spec: {} } }));
const get = { method: "GET", headers: {} };

let folder: string;
let caFile: string;
/** Of the authorities in `caFile`. */
let apiServer: KeyPair;
/** Of the same authorities, which sign for kubelets, too. */
let kubelet: KeyPair;
/** Of authorities that nobody trusts. */
let stranger: KeyPair;
/** Of trusted authorities, for servers alone. */
let notForClients: KeyPair;
let caPem: string;
let otherCaPem: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-clients-"));
  caFile = path.join(folder, "client-ca.crt");
  const identity = (user: string) => ({ user, groups: [] });
  const trusted = await issueClientCertificates({
    apiServer: identity("kube-apiserver"),
    kubelet: identity("system:node:worker-1"),
  });
  const others = await issueClientCertificates({ apiServer: identity("kube-apiserver") });
  const validity = { now: new Date(), lifetimeMs: 3_600_000 };
  const servers = await issueAuthority(validity);
  notForClients = await issueLeaf(servers, ["kube-apiserver"], validity);
  // On one line, as `cat` makes it of files without a last line break.
  caPem = trusted.caPem.trimEnd() + servers.certPem;
  otherCaPem = others.caPem;
  apiServer = certificateOf(trusted.certificates, "apiServer");
  kubelet = certificateOf(trusted.certificates, "kubelet");
  stranger = certificateOf(others.certificates, "apiServer");
  await writeFile(caFile, caPem);
});
afterAll(() => rm(folder, { recursive: true }));

function certificateOf(certificates: Readonly<Record<string, KeyPair>>, name: string): KeyPair {
  const found = certificates[name];
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found;
}

const start = (...flags: readonly string[]): Promise<WebhookProcess> =>
  WebhookProcess.start(["--standalone", "--client-ca", caFile, ...flags]);

const refusals = async (webhook: WebhookProcess): Promise<number | undefined> =>
  (await webhook.metrics()).get('cocoon_webhook_refused_requests_total{cause="client"}');

describe("CLIENT_CA", () => {
  it("lets in who has a certificate of its authorities, and tells everybody else why not", async () => {
    await using webhook = await start();
    const ask = (client?: KeyPair): Promise<Answer> =>
      webhook.call("/mutate", { body, ...(client && { client }) });
    expect(await ask(apiServer)).toMatchObject({ status: 200 });
    expect(await ask(kubelet)).toMatchObject({ status: 200 });
    for (const client of [undefined, stranger, notForClients]) {
      const answer = await ask(client);
      expect(answer).toMatchObject({ status: 401, headers: { connection: "close" } });
      expect(JSON.parse(answer.body)).toMatchObject({
        kind: "Status",
        reason: "Unauthorized",
        message: expect.stringContaining("a client certificate that this webhook's CLIENT_CA") as string,
      });
    }
    expect(await refusals(webhook)).toBe(3);
    await webhook.logged(({ why }) => why === "untrusted: INVALID_PURPOSE");
    const reasons = webhook.log.filter(({ msg }) => msg === "refused a client by its certificate");
    expect(reasons.map(({ level, why }) => [level, why])).toEqual([
      ["warn", "it has no certificate"],
      ["warn", "untrusted: CERT_SIGNATURE_FAILURE"],
      ["warn", "untrusted: INVALID_PURPOSE"],
    ]);
  });

  it("guards every path that takes reviews, and leaves the probes to everybody", async () => {
    await using webhook = await start();
    const paths = ["/mutate", "/validate-pod", "/validate", "/validate-cocoonset"];
    for (const guarded of [...paths, "/validate-cocoonhibernation", "/warn", "/mutate?timeout=5s"]) {
      expect(await webhook.call(guarded, { body })).toMatchObject({ status: 401 });
    }
    expect(await webhook.call("/healthz", get)).toMatchObject({ status: 200, body: "ok" });
    expect(await webhook.call("/readyz", get)).toMatchObject({ status: 200 });
  });

  it("lets no one in by a resumed session, which Node takes for verified", async () => {
    await using webhook = await start();
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const first = await exchange(webhook, { version });
      const again = await exchange(webhook, { version, session: first.session });
      expect([first.status, again.status, again.isResumed]).toEqual([401, 401, false]);
    }
  });

  it("changes nothing where it is not set", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    expect(await webhook.call("/mutate", { body })).toMatchObject({ status: 200 });
    expect(await refusals(webhook)).toBe(0);
    const { session } = await exchange(webhook, { version: "TLSv1.3" });
    expect(await exchange(webhook, { version: "TLSv1.3", session })).toMatchObject({ isResumed: true });
  });

  it("is read again when it changes, and connections from before are asked to leave", async () => {
    const file = path.join(folder, "rotating.crt");
    await writeFile(file, caPem);
    await using webhook = await start("--client-ca", file);
    const asked = await webhook.call("/mutate", { body, client: apiServer });
    expect([asked.status, asked.headers["connection"]]).toEqual([200, "keep-alive"]);

    await writeFile(file, "half of a cert");
    await webhook.logged(({ msg }) => String(msg).startsWith("no new certificate authorities"));
    expect(await webhook.call("/mutate", { body, client: apiServer })).toMatchObject({ status: 200 });

    await writeFile(file, otherCaPem);
    await webhook.logged(({ msg }) => msg === "clients are verified by new certificate authorities");
    const last = await webhook.call("/mutate", { body, client: apiServer });
    expect([last.status, last.headers["connection"]]).toEqual([200, "close"]);
    expect(await webhook.call("/mutate", { body, client: apiServer })).toMatchObject({ status: 401 });
    expect(await webhook.call("/mutate", { body, client: stranger })).toMatchObject({ status: 200 });
  }, 90_000);

  it.each<[string, string | undefined, RegExp]>([
    [
      "is not there",
      undefined,
      /^cocoon-webhook: the certificate authorities .* does not exist: put it there/,
    ],
    ["holds no certificate", "", /are not in PEM form/],
    ["holds a broken one", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", /is broken/],
    ["holds no authority", "leaf", /holds no certificate authority that is in date/],
  ])("ends the start where the file %s", async (_, content, message) => {
    const file = path.join(folder, `faulty-${String(content?.length)}.crt`);
    if (content !== undefined) await writeFile(file, content === "leaf" ? apiServer.certPem : content);
    const { code, stderr } = await runExecutable(["serve", "--standalone", "--client-ca", file]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });
});

describe("CLIENT_NAMES", () => {
  it("lets in the names that it lists alone", async () => {
    await using webhook = await start("--client-names", "kube-apiserver, front-proxy-client");
    expect(await webhook.call("/mutate", { body, client: apiServer })).toMatchObject({ status: 200 });
    expect(await webhook.call("/mutate", { body, client: kubelet })).toMatchObject({
      status: 403,
      body: expect.stringContaining("CLIENT_NAMES does not have the name") as string,
    });
    expect(await webhook.call("/mutate", { body })).toMatchObject({ status: 401 });
    expect(await webhook.logged(({ commonName }) => commonName !== undefined)).toMatchObject({
      why: "its common name is not in CLIENT_NAMES",
      commonName: "system:node:worker-1",
    });
  });

  it("is a fault without CLIENT_CA, and so is either where it is empty", async () => {
    const start = async (env: NodeJS.ProcessEnv): Promise<unknown> => {
      const { code, stderr } = await runExecutable(["serve", "--standalone"], env);
      return [code, stderr];
    };
    expect(await start({ CLIENT_NAMES: "kube-apiserver" })).toEqual([
      2,
      "cocoon-webhook: CLIENT_NAMES needs CLIENT_CA: names are those of verified certificates\n",
    ]);
    expect(await start({ CLIENT_CA: "", CLIENT_NAMES: " ," })).toEqual([
      2,
      'cocoon-webhook: CLIENT_CA must name a file, or be unset; it is ""\n' +
        "cocoon-webhook: CLIENT_NAMES must name at least one common name, such as kube-apiserver, or be unset; " +
        'it is " ,"\n',
    ]);
  });
});

interface Exchange {
  readonly version: "TLSv1.2" | "TLSv1.3";
  readonly session?: Buffer | undefined;
}

interface Exchanged {
  readonly status: number;
  readonly session: Buffer | undefined;
  readonly isResumed: boolean;
}

/** Sends one review on a connection of its own, without a certificate. */
async function exchange({ port }: WebhookProcess, { version, session }: Exchange): Promise<Exchanged> {
  let answer = "";
  let latest: Buffer | undefined;
  const socket: TLSSocket = connect({
    ...{ host: "127.0.0.1", port, rejectUnauthorized: false, minVersion: version, maxVersion: version },
    ...(session && { session }),
  });
  let isResumed = false;
  socket.on("secureConnect", () => (isResumed = socket.isSessionReused()));
  socket.on("session", (received: Buffer) => (latest = received));
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  const length = Buffer.byteLength(body);
  socket.write(
    "POST /mutate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n" +
      `Content-Length: ${length}\r\n\r\n${body}`,
  );
  await new Promise((resolve, reject) => socket.once("close", resolve).once("error", reject));
  return {
    status: Number(answer.slice(9, 12)),
    session: latest,
    isResumed,
  };
}
