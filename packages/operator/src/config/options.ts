import {
  bool,
  count,
  listenAddress,
  logLevels,
  oneOf,
  option,
  optionalText,
  type SettingsOf,
} from "@cocoonstack/program/settings";

/**
 * Every setting of `cocoon-operator serve` but those of the registry, which have variables alone: the parser and `--help`
 * are made of this table, and docs/operator.md has it.
 */
export const options = {
  kubeconfig: option({
    env: "KUBECONFIG",
    flag: "--kubeconfig <file>",
    help: "kubeconfig of the cluster, for an operator that runs outside of it",
    unset: "`~/.kube/config` if it is there, else the pod's service account",
    parse: optionalText,
  }),
  logLevel: option({
    env: "OPERATOR_LOG_LEVEL",
    flag: "--log-level <level>",
    help: "least severe level that is logged; what is done is info, and what is planned again is debug",
    fallback: "info",
    choices: logLevels,
    parse: oneOf(...logLevels),
  }),
  metricsAddr: option({
    env: "METRICS_ADDR",
    flag: "--metrics-bind-address <address>",
    help: "address of /metrics (plain HTTP)",
    fallback: ":8080",
    parse: listenAddress,
  }),
  probeAddr: option({
    env: "PROBE_ADDR",
    flag: "--health-probe-bind-address <address>",
    help: "address of /healthz and /readyz (plain HTTP)",
    fallback: ":8081",
    parse: listenAddress,
  }),
  leaderElect: option({
    env: "LEADER_ELECT",
    flag: "--leader-elect [bool]",
    help: "whether to work only while holding the Lease; without it there must never be two",
    fallback: "true",
    parse: bool,
  }),
  leaseNamespace: option({
    env: "POD_NAMESPACE",
    flag: "--lease-namespace <namespace>",
    help: "namespace of the Lease",
    unset: "that of the service account or of the kubeconfig's context, else `default`",
    parse: optionalText,
  }),
  concurrency: option({
    env: "COCOONSET_CONCURRENCY",
    flag: "--cocoonset-concurrency <n>",
    help: "how many CocoonSets are worked at the same time, each with the CocoonHibernations for its pods",
    fallback: "4",
    parse: count,
  }),
} as const;

/** The settings, read and checked. */
export type Config = SettingsOf<typeof options>;
