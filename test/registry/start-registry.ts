import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePorts } from "../controlplane/ports.js";
import { StartError, waitUntilReady } from "../controlplane/readiness.js";
import { openSandbox } from "../controlplane/sandbox.js";
import { ensureRegistry } from "./ensure-registry.js";

/** What kind of registry to start. */
export interface RegistryServerOptions {
  /** Asks for {@link registryUser}. @default false */
  readonly withPassword?: boolean;
  /** Certificate and key in PEM; without, it speaks plain http. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  /** Whether anything may be deleted. @default true */
  readonly mayDelete?: boolean;
}

/** A real registry on 127.0.0.1, with a folder of its own. */
export interface RegistryServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
}

/** The one user of a registry `withPassword`. */
export const registryUser = { username: "ada", password: "correct horse" };
/** Of the user's password, by bcrypt, which is all that the registry reads. */
const htpasswd = `${registryUser.username}:$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n`;

const timeoutMs = 60_000;

/**
 * Starts CNCF distribution. Nothing of it outlives this process, however that ends.
 *
 * @throws {StartError} when it does not become ready.
 *
 * @example
 * await using server = await startRegistry();
 * const settings = { url: server.url, prefix: "", ca: undefined, credentials };
 */
export async function startRegistry(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const result = await ensureRegistry();
  if (!result.available) throw new Error(`a registry is needed: ${result.reason}; ${result.wayOut}`);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(result.executable, options);
    } catch (error) {
      // Between the moment a port was free and the moment it was bound, somebody else may have taken it.
      const isPortTaken =
        error instanceof StartError && error.log.some((line) => line.includes("address already in use"));
      if (attempt === 3 || !isPortTaken) throw error;
    }
  }
}

async function start(executable: string, options: RegistryServerOptions): Promise<RegistryServer> {
  const sandbox = await openSandbox(await mkdtemp(path.join(tmpdir(), "registry-")));
  try {
    const { port } = await freePorts("port");
    const configFile = path.join(sandbox.folder, "config.json");
    await writeFile(configFile, JSON.stringify(await configOf(sandbox.folder, port, options)));
    const process = sandbox.start({ name: "registry", command: executable, args: ["serve", configFile] });
    // Not `/v2/`, which answers only those who know the password, by the certificate that is under test.
    await waitUntilReady(process, [], performance.now() + timeoutMs, async () => {
      await Promise.resolve();
      return process.log().some((line) => line.includes("listening on")) ? undefined : "it does not listen";
    });
    const scheme = options.tls === undefined ? "http" : "https";
    return {
      url: `${scheme}://127.0.0.1:${port}`,
      [Symbol.asyncDispose]: () => sandbox.close(),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** Its configuration. The registry reads YAML, which JSON is, too. */
async function configOf(folder: string, port: number, options: RegistryServerOptions): Promise<object> {
  const file = async (name: string, text: string): Promise<string> => {
    const target = path.join(folder, name);
    await writeFile(target, text, { mode: 0o600 });
    return target;
  };
  const { withPassword = false, tls, mayDelete = true } = options;
  return {
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(folder, "data") }, delete: { enabled: mayDelete } },
    http: {
      addr: `127.0.0.1:${port}`,
      // One process serves it, so nobody else has to know.
      secret: "a secret of this process",
      ...(tls !== undefined && {
        tls: { certificate: await file("tls.crt", tls.certPem), key: await file("tls.key", tls.keyPem) },
      }),
    },
    ...(withPassword && {
      auth: { htpasswd: { realm: "registry", path: await file("htpasswd", htpasswd) } },
    }),
  };
}
