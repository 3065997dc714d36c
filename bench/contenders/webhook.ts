import { freePorts } from "../../test/controlplane/ports.js";
import { executable } from "../../test/support/build-executable.js";
import type { Contender } from "./contender.js";
import { readLoopDelayMs } from "./loop-delay.js";
import { start } from "./started.js";

/** The built executable, started as its users do; without a cluster where the stage has none. */
export const webhook: Contender = {
  name: "cocoon-webhook",
  kind: "webhook",
  async start({ certFile, keyFile, kubeconfig, folder }) {
    const { admission, metrics } = await freePorts("admission", "metrics");
    const place =
      kubeconfig === undefined
        ? ["--standalone"]
        : ["--kubeconfig", kubeconfig, "--tls-cert", certFile, "--tls-key", keyFile];
    const listen = ["--listen-addr", `127.0.0.1:${admission}`, "--metrics-addr", `127.0.0.1:${metrics}`];
    const command = [process.execPath, executable, "serve", ...place, ...listen];
    const started = await start({ name: this.name, command, port: admission, folder });
    return {
      ...started,
      name: this.name,
      kind: "webhook",
      url: `https://127.0.0.1:${admission}`,
      loopDelayMs: () => readLoopDelayMs(`http://127.0.0.1:${metrics}/metrics`),
    };
  },
};
