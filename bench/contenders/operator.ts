import { freePorts } from "../../test/controlplane/ports.js";
import { operatorExecutable } from "../../test/support/build-executable.js";
import { allCores } from "../core/cores.js";
import { start, type Started } from "./started.js";

/** Where an operator finds what it needs; everything is on this machine. */
export interface OperatorStage {
  /** For files that go when the benchmark ends. */
  readonly folder: string;
  readonly kubeconfig: string;
  /** `HOST:PORT` of a registry that speaks plain http. */
  readonly registry: string;
}

/** Something that makes pods of CocoonSets and can be measured. */
export interface OperatorContender {
  readonly name: string;
  readonly kind: "operator" | "peer";
  /** Starts it and waits until it listens; it may not work yet. */
  start(stage: OperatorStage): Promise<RunningOperator>;
}

/** A contender at work. */
export interface RunningOperator extends Started {
  /** What it tells Prometheus. */
  metrics(): Promise<string>;
}

/** The built executable. */
export const builtOperator: OperatorContender = started("cocoon-operator", "operator", [
  process.execPath,
  operatorExecutable,
  "serve",
]);

/**
 * Somebody else's operator, of `NAME=COMMAND`, which the shell runs.
 *
 * @throws {Error} where the text is something else
 */
export function operatorPeerOf(text: string): OperatorContender {
  const [, name, command] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || command === undefined) {
    throw new Error(`--operator-peer ${text}: expected NAME=COMMAND`);
  }
  // The shell makes way for the command, so that what is measured is the command.
  return started(name, "peer", ["sh", "-c", `exec ${command}`]);
}

/** Every operator is told the same by its environment, which are the variables of the reference operator. */
function started(
  name: string,
  kind: OperatorContender["kind"],
  command: readonly string[],
): OperatorContender {
  return {
    name,
    kind,
    async start({ folder, kubeconfig, registry }) {
      const { metrics, probes } = await freePorts("metrics", "probes");
      const process = await start({
        name,
        command,
        env: {
          KUBECONFIG: kubeconfig,
          METRICS_ADDR: `127.0.0.1:${metrics}`,
          PROBE_ADDR: `127.0.0.1:${probes}`,
          // It is alone, and a lease that its predecessor has left would have to run out first.
          LEADER_ELECT: "false",
          OCI_REGISTRY: `${registry}/vms`,
          // Of before OCI_REGISTRY; ours takes one or the other.
          ...(kind === "peer" && { EPOCH_URL: `http://${registry}` }),
        },
        port: probes,
        folder,
        cores: allCores,
      });
      return {
        ...process,
        metrics: async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text(),
      };
    },
  };
}
