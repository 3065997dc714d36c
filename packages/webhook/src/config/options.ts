import {
  count,
  durationMs,
  listenAddress,
  logLevels,
  oneOf,
  option,
  optionalText,
  positiveDurationMs,
  type SettingsOf,
  text,
} from "@cocoonstack/program/settings";
import { hostNames, lifetimeMs, secretRef, userNames } from "./parsers.js";

/**
 * Every setting of `cocoon-webhook serve`: the parser, `--help` and docs/configuration.md are all made of this table.
 */
export const options = {
  kubeconfig: option({
    env: "KUBECONFIG",
    flag: "--kubeconfig <file>",
    help: "kubeconfig of the cluster, for a webhook that runs outside of it",
    unset: "`~/.kube/config` if it is there, else the pod's service account",
    parse: optionalText,
  }),
  logLevel: option({
    env: "WEBHOOK_LOG_LEVEL",
    flag: "--log-level <level>",
    help: "least severe level that is logged; a refusal is info, an admission debug",
    fallback: "info",
    choices: logLevels,
    parse: oneOf(...logLevels),
  }),
  tlsCert: option({
    env: "TLS_CERT",
    flag: "--tls-cert <file>",
    help: "PEM file with the serving certificate and its chain; read again when it changes",
    fallback: "/etc/cocoon/webhook/certs/tls.crt",
    parse: text,
  }),
  tlsKey: option({
    env: "TLS_KEY",
    flag: "--tls-key <file>",
    help: "PEM file with the certificate's private key; read again when it changes",
    fallback: "/etc/cocoon/webhook/certs/tls.key",
    parse: text,
  }),
  tlsSecret: option({
    env: "TLS_SECRET",
    flag: "--tls-secret <namespace/name>",
    help: "Secret in which the webhook keeps a certificate authority and a serving certificate that it makes and renews itself, instead of reading files",
    unset: "the certificate comes from `TLS_CERT` and `TLS_KEY`",
    parse: secretRef,
  }),
  tlsNames: option({
    env: "TLS_NAMES",
    flag: "--tls-names <names>",
    help: "host names and IP addresses in a certificate that the webhook makes itself, separated by commas",
    unset: "`cocoon-webhook.NAMESPACE.svc`, by the namespace of `TLS_SECRET`",
    parse: hostNames,
  }),
  tlsLifetimeMs: option({
    env: "TLS_LIFETIME",
    flag: "--tls-lifetime <duration>",
    help: "how long a serving certificate that the webhook makes itself is valid; it is renewed with a third of that left",
    fallback: "2160h",
    parse: lifetimeMs,
  }),
  tlsCaLifetimeMs: option({
    env: "TLS_CA_LIFETIME",
    flag: "--tls-ca-lifetime <duration>",
    help: "the same for its certificate authority; at least three times `TLS_LIFETIME`",
    fallback: "43800h",
    parse: lifetimeMs,
  }),
  tlsSettleMs: option({
    env: "TLS_SETTLE",
    flag: "--tls-settle <duration>",
    help: "how long API servers may take to trust a new certificate authority before it signs anything",
    fallback: "1m",
    parse: durationMs,
  }),
  listenAddr: option({
    env: "LISTEN_ADDR",
    flag: "--listen-addr <address>",
    help: "address of the admission endpoints, /healthz and /readyz (HTTPS)",
    fallback: ":8443",
    parse: listenAddress,
  }),
  metricsAddr: option({
    env: "METRICS_ADDR",
    flag: "--metrics-addr <address>",
    help: "address of /metrics (plain HTTP)",
    fallback: ":9090",
    parse: listenAddress,
  }),
  podCreators: option({
    env: "POD_CREATORS",
    flag: "--pod-creators <users>",
    help: "the only users who may create cocoon pods, separated by commas; set but empty is an error",
    unset: "any user, as long as a CocoonSet owns the pod",
    emptyIsValue: true,
    parse: userNames,
  }),
  maxBodyBytes: option({
    env: "MAX_BODY_BYTES",
    flag: "--max-body-bytes <n>",
    help: "longest request body that is read; a longer one is refused with 413",
    fallback: "10485760",
    parse: count,
  }),
  maxInFlight: option({
    env: "MAX_IN_FLIGHT",
    flag: "--max-in-flight <n>",
    help: "how many reviews may be read and decided at once; one more gets 503 with Retry-After, and API servers ask again",
    fallback: "1000",
    parse: count,
  }),
  maxBodiesBytes: option({
    env: "MAX_BODIES_BYTES",
    flag: "--max-bodies-bytes <n>",
    help: "how much request bodies may take of the memory together, each beyond its first 64 KiB; what is beyond gets 503 with Retry-After, and API servers ask again",
    fallback: "134217728",
    parse: count,
  }),
  bodyTimeoutMs: option({
    env: "BODY_TIMEOUT",
    flag: "--body-timeout <duration>",
    help: "how long a client may take to send a request body; a slower one is refused with 408",
    fallback: "10s",
    parse: positiveDurationMs,
  }),
  drainDelayMs: option({
    env: "DRAIN_DELAY",
    flag: "--drain-delay <duration>",
    help: "after SIGTERM: how long to go on serving, unready, while API servers learn that this replica leaves",
    fallback: "10s",
    parse: durationMs,
  }),
  shutdownTimeoutMs: option({
    env: "SHUTDOWN_TIMEOUT",
    flag: "--shutdown-timeout <duration>",
    help: "after the drain delay: how long reviews in flight may take before they are cut; idle connections are left to API servers for nine tenths of it",
    fallback: "10s",
    parse: durationMs,
  }),
} as const;

/** The settings, read and checked. */
export type Config = SettingsOf<typeof options>;
