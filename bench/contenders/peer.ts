import { freePorts } from "../../test/controlplane/ports.js";
import type { Contender } from "./contender.js";
import { start } from "./started.js";

/**
 * Somebody else's webhook, of `NAME=COMMAND` or `NAME=URL`. A command is run by the shell and told by its environment where
 * to listen (`LISTEN_ADDR`, `METRICS_ADDR`), its certificate (`TLS_CERT`, `TLS_KEY`) and the cluster (`KUBECONFIG`). One that
 * runs already, at a URL, is measured from outside: its CPU time and memory are not seen.
 *
 * @throws {Error} where the text is neither
 */
export function peerOf(text: string): Contender {
  const [, name, what] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || what === undefined) {
    throw new Error(`--peer ${text}: expected NAME=COMMAND or NAME=https://HOST:PORT`);
  }
  return /^https?:\/\//.test(what) ? running(name, what) : started(name, what);
}

const running = (name: string, url: string): Contender => ({
  name,
  kind: "peer",
  start: () =>
    Promise.resolve({
      name,
      kind: "peer",
      url: url.replace(/\/$/, ""),
      pid: undefined,
      loopDelayMs: () => Promise.resolve(undefined),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
});

const started = (name: string, command: string): Contender => ({
  name,
  kind: "peer",
  async start({ certFile, keyFile, kubeconfig, folder }) {
    const { admission, metrics } = await freePorts("admission", "metrics");
    const process = await start({
      name,
      // The shell makes way for the command, so that what is measured is the command.
      command: ["sh", "-c", `exec ${command}`],
      env: {
        LISTEN_ADDR: `127.0.0.1:${admission}`,
        METRICS_ADDR: `127.0.0.1:${metrics}`,
        TLS_CERT: certFile,
        TLS_KEY: keyFile,
        ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
      },
      port: admission,
      folder,
    });
    return {
      ...process,
      name,
      kind: "peer",
      url: `https://127.0.0.1:${admission}`,
      loopDelayMs: () => Promise.resolve(undefined),
    };
  },
});
