import { describe, expect, it } from "vitest";
import { readConfig } from "./read-config.js";
import type { Config } from "./options.js";

function configOf(flags: Parameters<typeof readConfig>[0], env: Parameters<typeof readConfig>[1]): Config {
  const result = readConfig(flags, env);
  if (!result.ok) throw new Error(result.faults.join("; "));
  return result.config;
}

const faultsOf = (...args: Parameters<typeof readConfig>): readonly string[] => {
  const result = readConfig(...args);
  return result.ok ? [] : result.faults;
};

describe("readConfig", () => {
  it("has a fallback for everything", () => {
    expect(configOf({}, {})).toEqual({
      kubeconfig: undefined,
      logLevel: "info",
      tlsCert: "/etc/cocoon/webhook/certs/tls.crt",
      tlsKey: "/etc/cocoon/webhook/certs/tls.key",
      tlsSecret: undefined,
      tlsNames: undefined,
      tlsLifetimeMs: 2160 * 3_600_000,
      tlsCaLifetimeMs: 43_800 * 3_600_000,
      tlsSettleMs: 60_000,
      listenAddr: ":8443",
      metricsAddr: ":9090",
      podCreators: undefined,
      maxBodyBytes: 10_485_760,
      maxBodiesBytes: 134_217_728,
      maxInFlight: 1000,
      bodyTimeoutMs: 10_000,
      drainDelayMs: 10_000,
      shutdownTimeoutMs: 10_000,
    });
  });

  it("takes the caller's fallback where neither flag nor variable says", () => {
    const own = { listenAddr: "127.0.0.1:8443", metricsAddr: "127.0.0.1:9090" };
    const result = readConfig({ listenAddr: ":1" }, { METRICS_ADDR: "" }, own);
    expect(result).toMatchObject({ ok: true, config: { listenAddr: ":1", metricsAddr: "127.0.0.1:9090" } });
    expect(readConfig({}, { METRICS_ADDR: ":2" }, own)).toMatchObject({
      config: { listenAddr: "127.0.0.1:8443", metricsAddr: ":2" },
    });
  });

  it("reads the Secret and the names of a certificate that the webhook makes itself", () => {
    const env = { TLS_SECRET: "cocoon-system/tls", TLS_NAMES: "a.svc, 10.0.0.1 ,::1" };
    expect(configOf({}, env)).toMatchObject({
      tlsSecret: { namespace: "cocoon-system", name: "tls" },
      tlsNames: ["a.svc", "10.0.0.1", "::1"],
    });
  });

  it("wants an authority to outlive what it signs", () => {
    expect(faultsOf({}, { TLS_LIFETIME: "24h", TLS_CA_LIFETIME: "71h" })).toEqual([
      "TLS_CA_LIFETIME must be at least three times TLS_LIFETIME",
    ]);
    expect(faultsOf({}, { TLS_LIFETIME: "24h", TLS_CA_LIFETIME: "72h" })).toEqual([]);
  });

  it("prefers the flag to the variable, and the variable to the fallback", () => {
    const env = { WEBHOOK_LOG_LEVEL: "debug", DRAIN_DELAY: "1m30s" };
    expect(configOf({}, env)).toMatchObject({ logLevel: "debug", drainDelayMs: 90_000 });
    expect(configOf({ logLevel: "warn" }, env)).toMatchObject({ logLevel: "warn", drainDelayMs: 90_000 });
  });

  it("rounds a duration up to whole milliseconds, which is what timers take", () => {
    expect(configOf({}, { BODY_TIMEOUT: "1500us" })).toMatchObject({ bodyTimeoutMs: 2 });
  });

  it("takes an empty variable for an absent one", () => {
    expect(configOf({}, { WEBHOOK_LOG_LEVEL: "", LISTEN_ADDR: "" })).toMatchObject({ logLevel: "info" });
  });

  it("trims the names of the pod creators", () => {
    const { podCreators } = configOf({}, { POD_CREATORS: " alice , system:serviceaccount:a:b ," });
    expect(podCreators).toEqual(new Set(["alice", "system:serviceaccount:a:b"]));
  });

  it.each([
    ["WEBHOOK_LOG_LEVEL", "verbose", "be one of trace, debug, info, warn, error, fatal"],
    [
      "TLS_SECRET",
      "tls",
      "name a Secret by its namespace and name, such as cocoon-system/cocoon-webhook-tls",
    ],
    ["TLS_NAMES", "a,,b", "list host names or IP addresses, such as cocoon-webhook.cocoon-system.svc"],
    ["TLS_LIFETIME", "9s", "be a duration from 10s to 876000h (100 years), such as 2160h"],
    ["LISTEN_ADDR", "8443", "be an address to listen on, such as :8443 or 127.0.0.1:8443"],
    ["METRICS_ADDR", ":65536", "be an address to listen on, such as :8443 or 127.0.0.1:8443"],
    ["MAX_BODY_BYTES", "0", "be a whole number, at least 1"],
    ["MAX_BODY_BYTES", "10MB", "be a whole number, at least 1"],
    ["MAX_IN_FLIGHT", "-1", "be a whole number, at least 1"],
    ["DRAIN_DELAY", "10", "be a duration from 0s to 24h, such as 500ms, 15s or 1m30s"],
    ["DRAIN_DELAY", "600h", "be a duration from 0s to 24h, such as 500ms, 15s or 1m30s"],
    ["BODY_TIMEOUT", "0s", "be a duration from 1ms to 24h, such as 500ms, 15s or 1m30s"],
    ["SHUTDOWN_TIMEOUT", "-1s", "be a duration from 0s to 24h, such as 500ms, 15s or 1m30s"],
    ["BODY_TIMEOUT", "soon", "be a duration from 1ms to 24h, such as 500ms, 15s or 1m30s"],
    [
      "POD_CREATORS",
      "",
      "name at least one user, such as system:serviceaccount:cocoon-system:cocoon-operator, or be unset",
    ],
    [
      "POD_CREATORS",
      " , ",
      "name at least one user, such as system:serviceaccount:cocoon-system:cocoon-operator, or be unset",
    ],
  ])("refuses %s=%j", (name, value, rule) => {
    expect(faultsOf({}, { [name]: value })).toEqual([`${name} must ${rule}; it is ${JSON.stringify(value)}`]);
  });

  it("reports all faults at once, each by the name that it was given under", () => {
    expect(faultsOf({ logLevel: "loud" }, { WEBHOOK_LOG_LEVEL: "info", DRAIN_DELAY: "x" })).toEqual([
      'the --log-level flag must be one of trace, debug, info, warn, error, fatal; it is "loud"',
      'DRAIN_DELAY must be a duration from 0s to 24h, such as 500ms, 15s or 1m30s; it is "x"',
    ]);
  });

  it("does not repeat a value of any length", () => {
    expect(faultsOf({}, { LISTEN_ADDR: "x".repeat(10_000) }).join("").length).toBeLessThan(250);
  });
});
