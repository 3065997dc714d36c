import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executable } from "../support/build-executable.js";
import { ForegroundCommand } from "../support/foreground-command.js";
import { runExecutable, WebhookProcess } from "../support/webhook-process.js";

let folder: string;
const file = (name: string): string => path.join(folder, name);
const put = (name: string, content: string): Promise<void> => writeFile(file(name), content);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-startup-"));
  const [pair, other] = await Promise.all([
    generateSelfSignedCert("a", "127.0.0.1"),
    generateSelfSignedCert("b", "127.0.0.1"),
  ]);
  await put("tls.crt", pair.certPem);
  await put("tls.key", pair.keyPem);
  await put("other.key", other.keyPem);
  await put("broken.crt", "no certificate");
  await put("broken.key", "no key");
  await put("broken.kubeconfig", "clusters: [");
  const cluster = (server: string): string =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    });
  await put("unreachable.kubeconfig", cluster("https://127.0.0.1:1"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a start that must fail prints: one line for each fault, and no stack trace. */
async function faultsOf(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  exitCode = 1,
): Promise<readonly string[]> {
  const { code, stderr } = await runExecutable(["serve", ...args], { HOME: folder, ...env });
  expect(code).toBe(exitCode);
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^cocoon-webhook: /, ""));
}

const tls = (cert: string, key: string): string[] => ["--tls-cert", file(cert), "--tls-key", file(key)];
const unreachable = (): string[] => ["--kubeconfig", file("unreachable.kubeconfig")];

describe("a start that fails says why in one line each", () => {
  it("names every setting that is wrong, at once", async () => {
    const env = { LISTEN_ADDR: "8443", POD_CREATORS: "" };
    expect(await faultsOf(["--standalone", "--log-level", "loud"], env, 2)).toEqual([
      'the --log-level flag must be one of trace, debug, info, warn, error, fatal; it is "loud"',
      'LISTEN_ADDR must be an address to listen on, such as :8443 or 127.0.0.1:8443; it is "8443"',
      'POD_CREATORS must name at least one user, such as system:serviceaccount:cocoon-system:cocoon-operator, or be unset; it is ""',
    ]);
  });

  it("names the certificate's default place and the missing kubeconfig, at once", async () => {
    const faults = await faultsOf([]);
    expect(faults[0]).toMatch(
      /^the certificate \/etc\/cocoon\/webhook\/certs\/tls\.crt does not exist: put it there, or set TLS_CERT/,
    );
    expect(faults[1]).toMatch(/^the private key \/etc\/cocoon\/webhook\/certs\/tls\.key does not exist/);
    expect(faults[2]).toMatch(
      /KUBECONFIG is not set; .*\.kube\/config does not exist; in-cluster: KUBERNETES_SERVICE_HOST/,
    );
  });

  it.each<[string, string, string, RegExp]>([
    [
      "a certificate that is none",
      "broken.crt",
      "tls.key",
      /^the certificate .*broken\.crt is not in PEM form/,
    ],
    [
      "a key that is none",
      "tls.crt",
      "broken.key",
      /^the private key .*broken\.key is not an unencrypted key in PEM form/,
    ],
    [
      "a key of another certificate",
      "tls.crt",
      "other.key",
      /^the private key .*other\.key does not belong to the certificate .*tls\.crt/,
    ],
    [
      "a key that is not there",
      "tls.crt",
      "none.key",
      /^the private key .*none\.key does not exist: .*TLS_KEY/,
    ],
    ["a folder in place of a file", ".", "tls.key", /^the certificate .* is a directory/],
  ])("%s", async (_, cert, key, fault) => {
    const faults = await faultsOf([...tls(cert, key), ...unreachable()]);
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it.each<[string, string, RegExp]>([
    ["a kubeconfig that is not there", "none.kubeconfig", /none\.kubeconfig/],
    ["a kubeconfig that does not parse", "broken.kubeconfig", /broken\.kubeconfig/],
  ])("%s", async (_, kubeconfig, fault) => {
    const faults = await faultsOf([...tls("tls.crt", "tls.key"), "--kubeconfig", file(kubeconfig)]);
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it("a cluster that cannot be reached", async () => {
    const faults = await faultsOf([...tls("tls.crt", "tls.key"), ...unreachable()]);
    expect(faults).toEqual([
      expect.stringMatching(
        /^no use of the API server https:\/\/127\.0\.0\.1:1 within 15 s: .*ECONNREFUSED.*; check the kubeconfig .*network$/,
      ),
    ]);
  });

  it("an address that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const listen = ["--listen-addr", `127.0.0.1:${port}`, "--metrics-addr", "127.0.0.1:0"];
    expect(await faultsOf(["--standalone", ...listen])).toEqual([
      expect.stringMatching(
        new RegExp(
          `^the webhook \\(LISTEN_ADDR, --listen-addr\\): .* 127\\.0\\.0\\.1:${port} is already in use`,
        ),
      ),
    ]);
    server.close();
  });
});

/** Addresses of this machine besides 127.0.0.1; on Linux, all of 127.0.0.0/8 is such. */
const otherAddresses = [
  ...Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.flatMap(({ address, family, internal }) => (family === "IPv4" && !internal ? address : [])),
  ),
  ...(process.platform === "linux" ? ["127.0.0.2"] : []),
];

/** Whether somebody listens there. */
async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const answeringOf = async (port: number): Promise<readonly string[]> => {
  const asked = ["127.0.0.1", ...otherAddresses].map(async (host) =>
    (await answers(host, port)) ? host : [],
  );
  return (await Promise.all(asked)).flat();
};

describe("standalone", () => {
  it("listens on 127.0.0.1 alone unless told otherwise", async (context) => {
    const ports = [8443, 9090];
    for (const port of ports) {
      if ((await answeringOf(port)).length > 0) context.skip(`somebody else listens on port ${port}`);
    }
    const command = `exec '${process.execPath}' '${executable}' serve --standalone`;
    const env = { LISTEN_ADDR: "", METRICS_ADDR: "" };
    const started = await ForegroundCommand.until(/"listening"/, command, { cwd: folder, env }, 30_000);
    try {
      for (const port of ports) expect(await answeringOf(port)).toEqual(["127.0.0.1"]);
    } finally {
      await started.end();
    }
  });

  it("listens on every address where it is told to, as the test above would see", async () => {
    const everywhere = ["--listen-addr", ":0", "--metrics-addr", ":0"];
    await using webhook = await WebhookProcess.start(["--standalone", ...everywhere]);
    for (const port of [webhook.port, webhook.metricsPort]) {
      expect(await answeringOf(port)).toEqual(["127.0.0.1", ...otherAddresses]);
    }
  });

  it("warns of a variable that was probably meant to be a setting, without its value", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"], { POD_CREATOR: "alice" });
    expect(webhook.log[0]).toMatchObject({
      level: "warn",
      msg: "the variable POD_CREATOR is no setting, and not read; set POD_CREATORS instead",
    });
    expect(JSON.stringify(webhook.log)).not.toContain("alice");
  });

  it("prints a banner whose command shows a refusal", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    // Standard error is another pipe than the log: what was written first need not arrive first.
    await expect.poll(() => webhook.stderr).toContain("Ctrl-C");
    const command = /^ {4}(curl .*)$/m.exec(webhook.stderr)?.[1];
    expect(command).toContain("virtual-kubelet.io/provider");
    const { stdout } = await promisify(execFile)("sh", ["-c", command ?? ""]);
    expect(JSON.parse(stdout)).toHaveProperty(
      "response.status.message",
      expect.stringMatching(/^pod default\/stray /),
    );
  });
});
