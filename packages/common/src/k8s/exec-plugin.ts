import { execFile } from "node:child_process";
import path from "node:path";
import { ConfigError } from "./config-error.js";
import { errorCode, isObject } from "../internal/index.js";
import { bearer, type Identity, type IdentityParts } from "./identity.js";
import { recordAt, recordsAt, textAt, textsAt, type UnknownRecord } from "./record.js";

/** A plugin that has said nothing by then is stuck, perhaps waiting for someone to log in. */
const pluginTimeoutMs = 30_000;
/** Renewal before the expiry, so that a request under way does not arrive with a stale token. */
const expiryMarginMs = 10_000;
/** A credential younger than this that the server refuses would only be fetched again with the same result. */
const retryAfterMs = 5_000;

interface Obtained {
  readonly parts: IdentityParts;
  readonly atMs: number;
  readonly expiresAtMs: number;
}

/**
 * A credential plugin of a kubeconfig (`users[].user.exec`, client.authentication.k8s.io). It runs again when its
 * credential is about to expire or was refused; requests that wait for it share one run.
 *
 * Why not the client library's: it gives the plugin no `KUBERNETES_EXEC_INFO`, which many refuse to run without, runs it
 * for every request where the answer has no expiry, and once for each of many requests at the same moment.
 *
 * @param exec The `exec` object of the user.
 * @param cluster Tells a plugin with `provideClusterInfo` which cluster it is for.
 * @param folder Where the kubeconfig lies; a command such as `./login` starts there.
 */
export function execPlugin(
  exec: UnknownRecord,
  cluster: () => Promise<UnknownRecord>,
  folder: string,
): Identity {
  let obtained: Obtained | undefined;
  let running: Promise<Obtained> | undefined;

  return {
    async current() {
      if (obtained === undefined || Date.now() >= obtained.expiresAtMs) {
        running ??= run(exec, cluster, folder).finally(() => (running = undefined));
        obtained = await running;
      }
      return obtained.parts;
    },
    forget: () => {
      if (obtained !== undefined && Date.now() - obtained.atMs >= retryAfterMs) obtained = undefined;
    },
  };
}

async function run(
  exec: UnknownRecord,
  cluster: () => Promise<UnknownRecord>,
  folder: string,
): Promise<Obtained> {
  const name = textAt(exec, "command");
  if (name === undefined) throw new ConfigError("the kubeconfig's exec plugin has no command");
  const command = /[/\\]/.test(name) ? path.resolve(folder, name) : name;
  const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: await execInfo(exec, cluster) };
  for (const variable of recordsAt(exec, "env")) {
    env[textAt(variable, "name") ?? ""] = textAt(variable, "value");
  }
  const hint = textAt(exec, "installHint");
  const output = await new Promise<string>((resolve, reject) => {
    execFile(command, textsAt(exec, "args"), { env, timeout: pluginTimeoutMs }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(pluginFailed(command, error, stderr, hint));
    });
  });
  return parseCredential(command, output);
}

async function execInfo(exec: UnknownRecord, cluster: () => Promise<UnknownRecord>): Promise<string> {
  return JSON.stringify({
    apiVersion: textAt(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false, ...(exec["provideClusterInfo"] === true && { cluster: await cluster() }) },
  });
}

function pluginFailed(command: string, error: Error, stderr: string, hint: string | undefined): ConfigError {
  // Node's own message would repeat the arguments, which may hold secrets, so neither it nor the cause goes on.
  if (errorCode(error) === "ENOENT") {
    return new ConfigError(`exec plugin ${command} is not installed${hint === undefined ? "" : `: ${hint}`}`);
  }
  const reason =
    "killed" in error && error.killed === true
      ? `no answer within ${pluginTimeoutMs / 1000} s`
      : (stderr.trim().split("\n").at(-1) ?? "");
  return new ConfigError(`exec plugin ${command} failed: ${reason || "it said nothing on stderr"}`);
}

function parseCredential(command: string, output: string): Obtained {
  const status = statusOf(output);
  const token = textAt(status, "token");
  const cert = textAt(status, "clientCertificateData");
  const key = textAt(status, "clientKeyData");
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new ConfigError(
      `exec plugin ${command} printed no ExecCredential with a token or a certificate and key`,
    );
  }
  const expires = Date.parse(textAt(status, "expirationTimestamp") ?? "");
  const atMs = Date.now();
  return {
    parts: { ...(token !== undefined && { headers: bearer(token) }), cert, key },
    atMs,
    // No expiry means: until the server refuses it. One that is nearly over is still used for a moment, not in a loop.
    expiresAtMs: Number.isNaN(expires) ? Infinity : Math.max(expires - expiryMarginMs, atMs + 1_000),
  };
}

function statusOf(output: string): UnknownRecord {
  try {
    const credential: unknown = JSON.parse(output);
    return isObject(credential) ? recordAt(credential, "status") : {};
  } catch {
    return {};
  }
}
