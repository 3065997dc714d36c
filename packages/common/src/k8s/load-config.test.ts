import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClusterConfig } from "./cluster-config.js";
import { ConfigError } from "./config-error.js";
import { loadConfig, type LoadConfigOptions } from "./load-config.js";

let folder = "";
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "config-"))));
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: string[]): string => path.join(folder, ...parts);

function load(env: Record<string, string>, options: LoadConfigOptions = {}): Promise<ClusterConfig> {
  return loadConfig({
    env,
    homeFolder: at("home"),
    serviceAccountFolder: at("sa"),
    reloadIntervalMs: 0,
    ...options,
  });
}

const inPod = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };

async function writeServiceAccount(): Promise<void> {
  await mkdir(at("sa"));
  await writeFile(at("sa", "token"), "sa-token\n");
  await writeFile(at("sa", "ca.crt"), "sa-ca");
  await writeFile(at("sa", "namespace"), "cocoon-system\n");
}

function kubeconfig(user: object, cluster: object = {}, context: object = {}): string {
  return JSON.stringify({
    "current-context": "dev",
    contexts: [{ name: "dev", context: { cluster: "c", user: "u", namespace: "shop", ...context } }],
    clusters: [{ name: "c", cluster: { server: "https://dev.example:6443/", ...cluster } }],
    users: [{ name: "u", user }],
  });
}

async function credentialsOf(user: object, cluster: object = {}) {
  await writeFile(at("kc"), kubeconfig(user, cluster));
  return (await load({ KUBECONFIG: at("kc") })).credentials();
}

describe("where it looks", () => {
  it("says what was tried when there is nothing, and the way out", async () => {
    const error = await load({}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toBe(
      `no Kubernetes configuration: KUBECONFIG is not set; ${at("home", ".kube", "config")} does not exist; ` +
        "in-cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set. " +
        "Set KUBECONFIG to a kubeconfig file, or run in a pod that has a service account token",
    );
    await expect(load(inPod)).rejects.toThrow(`in-cluster: ${at("sa", "token")} cannot be read (ENOENT)`);
  });

  it("KUBECONFIG before ~/.kube/config before the service account", async () => {
    await writeServiceAccount();
    const config = await load(inPod);
    expect([config.server, config.source, config.context, config.namespace]).toEqual([
      "https://10.96.0.1:443",
      "in-cluster",
      undefined,
      "cocoon-system",
    ]);
    expect((await load({ ...inPod, KUBERNETES_SERVICE_HOST: "fd00::1" })).server).toBe(
      "https://[fd00::1]:443",
    );

    await mkdir(at("home", ".kube"), { recursive: true });
    await writeFile(at("home", ".kube", "config"), kubeconfig({ token: "home" }));
    expect((await load(inPod)).source).toBe(`${at("home", ".kube", "config")} (context dev)`);

    await writeFile(at("kc"), kubeconfig({ token: "env" }));
    const fromEnv = await load({ ...inPod, KUBECONFIG: at("kc") });
    expect([fromEnv.source, fromEnv.server, fromEnv.context, fromEnv.namespace]).toEqual([
      `${at("kc")} (context dev)`,
      "https://dev.example:6443",
      "dev",
      "shop",
    ]);
  });

  it("merges the files of KUBECONFIG: the first one decides, missing ones are passed over", async () => {
    await mkdir(at("a"));
    await mkdir(at("b"));
    await writeFile(at("b", "token"), "from-b");
    await writeFile(
      at("a", "kc"),
      "current-context: both\nclusters:\n- {name: c, cluster: {server: https://a.example}}\n",
    );
    await writeFile(
      at("b", "kc"),
      "current-context: other\nclusters:\n- {name: c, cluster: {server: https://b.example}}\n" +
        "contexts:\n- {name: both, context: {cluster: c, user: u}}\nusers:\n- {name: u, user: {tokenFile: token}}\n",
    );
    const config = await load({
      KUBECONFIG: [at("a", "kc"), at("missing"), at("b", "kc")].join(path.delimiter),
    });
    expect(config.server).toBe("https://a.example");
    expect((await config.credentials()).headers).toEqual({ authorization: "Bearer from-b" });
  });
});

describe("a kubeconfig that cannot be used is named", () => {
  it.each([
    ["token: [", "is not a kubeconfig: "],
    ["just text", "is not a kubeconfig: it holds no YAML mapping"],
    ["", "is not a kubeconfig: "],
    ["{}", "has no current-context: choose one with 'kubectl config use-context' (it has: none)"],
    ['{"current-context":"x","contexts":[{"name":"y"}]}', "has no context 'x' (it has: y)"],
    [kubeconfig({}, {}, { cluster: "nope" }), "context 'dev' names cluster 'nope', which is not defined"],
    [kubeconfig({}, {}, { user: "nope" }), "context 'dev' names user 'nope', which is not defined"],
    [kubeconfig({}, { server: "nope" }), "the cluster's server must be an http or https URL"],
    [kubeconfig({}, { "proxy-url": "http://p" }), "proxy-url is not supported"],
    [kubeconfig({ as: "x", "as-groups": ["y"] }), "as-groups and as-user-extra are not supported"],
    [kubeconfig({ "client-certificate-data": "eA==" }), "both or neither"],
  ])("%s", async (text, message) => {
    await writeFile(at("kc"), text);
    const error = (await load({ KUBECONFIG: at("kc") }).catch((reason: unknown) => reason)) as Error;
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain(`KUBECONFIG: ${at("kc")}`);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  it("a missing file, and a context that is not there", async () => {
    await expect(load({ KUBECONFIG: at("gone") })).rejects.toThrow(`KUBECONFIG: ${at("gone")}: no such file`);
    await writeFile(at("kc"), kubeconfig({}));
    await expect(load({ KUBECONFIG: at("kc") }, { context: "prod" })).rejects.toThrow(
      "has no context 'prod'",
    );
  });

  it("a file that the kubeconfig names shows at the first use", async () => {
    await expect(credentialsOf({ tokenFile: "gone" })).rejects.toThrow(
      `${at("gone")} cannot be read (ENOENT)`,
    );
  });

  it("its secrets stay out of the error", async () => {
    const warn = vi.spyOn(process, "emitWarning");
    await writeFile(at("kc"), "users:\n- name: u\n  user: &odd: {token: S3CRET}\n");
    await expect(load({ KUBECONFIG: at("kc") })).rejects.toThrow("no current-context");
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    await writeFile(at("kc"), "users:\n- name: u\n  user: {token: S3CRET\n- [");
    const error = await load({ KUBECONFIG: at("kc") }).catch((reason: unknown) => reason);
    const seen: unknown[] = [];
    for (let e = error; e instanceof Error; e = e.cause) seen.push(e.message, e.stack);
    expect(seen.join()).not.toContain("S3CRET");
  });
});

describe("credentials", () => {
  it("tokens, passwords and impersonation become headers", async () => {
    expect((await credentialsOf({ token: "t" })).headers).toEqual({ authorization: "Bearer t" });
    expect((await credentialsOf({ username: "u", password: "p" })).headers).toEqual({
      authorization: "Basic dTpw",
    });
    expect((await credentialsOf({ token: "t", as: "someone" })).headers).toEqual({
      authorization: "Bearer t",
      "impersonate-user": "someone",
    });
    expect((await credentialsOf({})).headers).toEqual({});
  });

  it("certificates come from data or from files beside the kubeconfig", async () => {
    await writeFile(at("cert"), "CERT");
    await writeFile(at("ca"), "CA");
    const key = Buffer.from("KEY").toString("base64");
    const { tls } = await credentialsOf(
      { "client-certificate": "cert", "client-key-data": key },
      { "certificate-authority": "ca" },
    );
    expect(tls).toEqual({ ca: "CA", cert: "CERT", key: "KEY" });
  });

  it("the same object comes back until a file changes", async () => {
    await writeServiceAccount();
    const config = await load(inPod);
    const first = await config.credentials();
    expect(await config.credentials()).toBe(first);
    await writeFile(at("sa", "token"), "renewed");
    const second = await config.credentials();
    expect([first.headers, second.headers]).toEqual([
      { authorization: "Bearer sa-token" },
      { authorization: "Bearer renewed" },
    ]);
  });

  it("forget reads anew, but only for the credentials in force", async () => {
    await writeServiceAccount();
    const config = await load(inPod, { reloadIntervalMs: 60_000 });
    const first = await config.credentials();
    await writeFile(at("sa", "token"), "renewed");
    expect(await config.credentials()).toBe(first);
    config.forget(first);
    const second = await config.credentials();
    expect(second.headers).toEqual({ authorization: "Bearer renewed" });
    await writeFile(at("sa", "token"), "again");
    config.forget(first);
    expect(await config.credentials()).toBe(second);
  });
});

describe.skipIf(process.platform === "win32")("exec plugins", () => {
  const status = (fields: object): string => JSON.stringify({ kind: "ExecCredential", status: fields });

  async function plugin(script: string, exec: object = {}): Promise<ClusterConfig> {
    await writeFile(at("plugin"), `#!/bin/sh\necho run >> ${at("runs")}\n${script}\n`);
    await chmod(at("plugin"), 0o755);
    await writeFile(at("ca"), "CA");
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "./plugin", ...exec } };
    await writeFile(at("kc"), kubeconfig(user, { "certificate-authority": "ca" }));
    return load({ KUBECONFIG: at("kc") });
  }
  const runs = async (): Promise<number> => (await readFile(at("runs"), "utf8")).length / "run\n".length;

  it("one run serves all requests until the answer expires", async () => {
    const config = await plugin(
      `echo '${status({ token: "t", expirationTimestamp: "2999-01-01T00:00:00Z" })}'`,
    );
    const all = await Promise.all([1, 2, 3].map(() => config.credentials()));
    expect(all.map(({ headers }) => headers["authorization"])).toEqual(["Bearer t", "Bearer t", "Bearer t"]);
    await config.credentials();
    expect(await runs()).toBe(1);
  });

  it("an answer without expiry is kept, a client certificate is used", async () => {
    const config = await plugin(`echo '${status({ clientCertificateData: "CERT", clientKeyData: "KEY" })}'`);
    expect((await config.credentials()).tls).toEqual({ ca: "CA", cert: "CERT", key: "KEY" });
    await config.credentials();
    expect(await runs()).toBe(1);
  });

  it("the plugin is told about the cluster, its variables and arguments", async () => {
    const config = await plugin(
      `echo "$KUBERNETES_EXEC_INFO" > ${at("info")}\necho "{\\"status\\":{\\"token\\":\\"$PREFIX-$1\\"}}"`,
      { env: [{ name: "PREFIX", value: "p" }], args: ["a"], provideClusterInfo: true },
    );
    expect((await config.credentials()).headers).toEqual({ authorization: "Bearer p-a" });
    expect(JSON.parse(await readFile(at("info"), "utf8"))).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: {
        interactive: false,
        cluster: { server: "https://dev.example:6443/", "certificate-authority-data": "Q0E=" },
      },
    });
  });

  it("what went wrong, without the arguments", async () => {
    const failing = await plugin("echo 'log in first' >&2; exit 3", { args: ["S3CRET"] });
    await expect(failing.credentials()).rejects.toThrow(`exec plugin ${at("plugin")} failed: log in first`);
    const silent = await plugin("echo nothing");
    await expect(silent.credentials()).rejects.toThrow("printed no ExecCredential");
    const missing = await plugin("", { command: "./gone", installHint: "brew install gone" });
    await expect(missing.credentials()).rejects.toThrow(
      `exec plugin ${at("gone")} is not installed: brew install gone`,
    );
  });
});
