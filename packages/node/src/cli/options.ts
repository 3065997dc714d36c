import {
  count,
  durationMs,
  logLevels,
  mustBe,
  oneOf,
  option,
  optionalText,
  parsed,
  type Parsed,
  text,
} from "@cocoonstack/program/settings";

/** Every setting of `cocoon-node`: the parser and `--help` are made of this table, and docs/node.md has it. */
export const options = {
  backend: option({
    env: "NODE_BACKEND",
    flag: "--backend <name>",
    help: "what runs the VMs; with simulated, nothing does",
    unset: "an error, so that nobody takes a simulation for VMs",
    choices: ["simulated"],
    parse: backendName,
  }),
  name: option({
    env: "NODE_NAME",
    flag: "--name <name>",
    help: "name of the Node",
    fallback: "cocoon-node",
    parse: nodeName,
  }),
  pool: option({
    env: "NODE_POOL",
    flag: "--pool <name>",
    help: "node pool that it belongs to",
    fallback: "default",
    parse: text,
  }),
  maxPods: option({
    env: "NODE_MAX_PODS",
    flag: "--max-pods <count>",
    help: "how many pods it takes",
    fallback: "256",
    parse: count,
  }),
  kubeconfig: option({
    env: "KUBECONFIG",
    flag: "--kubeconfig <file>",
    help: "kubeconfig of the cluster, for a node agent that runs outside of it",
    unset: "`~/.kube/config` if it is there, else the pod's service account",
    parse: optionalText,
  }),
  registry: option({
    env: "OCI_REGISTRY",
    flag: "--registry <host[/prefix]>",
    help: "registry that snapshots are pushed to, as the operator has it",
    unset: "snapshots are kept in memory, where no operator sees them",
    parse: optionalText,
  }),
  stateDir: option({
    env: "NODE_STATE_DIR",
    flag: "--state-dir <folder>",
    help: "where simulated VMs are written down, so that they outlive the agent",
    unset: "they end with it",
    parse: optionalText,
  }),
  bootMs: option({
    env: "NODE_BOOT_TIME",
    flag: "--boot-time <duration>",
    help: "how long a VM takes to start",
    fallback: "1s",
    parse: durationMs,
  }),
  saveMs: option({
    env: "NODE_SAVE_TIME",
    flag: "--save-time <duration>",
    help: "how long a snapshot of a VM takes",
    fallback: "500ms",
    parse: durationMs,
  }),
  pushMs: option({
    env: "NODE_PUSH_TIME",
    flag: "--push-time <duration>",
    help: "how long a snapshot takes to the registry, besides what it really takes",
    fallback: "0s",
    parse: durationMs,
  }),
  logLevel: option({
    env: "NODE_LOG_LEVEL",
    flag: "--log-level <level>",
    help: "least severe level that is logged; each step is debug",
    fallback: "info",
    choices: logLevels,
    parse: oneOf(...logLevels),
  }),
} as const;

const isSimulated = oneOf("simulated");

function backendName(value = ""): Parsed<"simulated"> {
  return value === ""
    ? mustBe("name what runs the VMs: simulated, by which nothing does")
    : isSimulated(value);
}

/** A DNS subdomain (RFC 1123), as the API server asks of the names of Nodes; as a label's value it has at most 63 characters. */
function nodeName(value = ""): Parsed<string> {
  const isName = value.length <= 63 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value);
  return isName ? parsed(value) : mustBe("be a name of at most 63 lower-case letters, digits, '-' and '.'");
}
