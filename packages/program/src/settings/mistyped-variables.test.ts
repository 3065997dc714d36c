import { describe, expect, it } from "vitest";
import { mistypedVariables } from "./mistyped-variables.js";
import { option, type OptionTable } from "./option.js";
import { optionalText } from "./parsers.js";

const options: OptionTable = Object.fromEntries(
  ["POD_CREATORS", "TLS_SECRET", "TLS_KEY", "WEBHOOK_LOG_LEVEL", "KUBECONFIG", "LISTEN_ADDR"].map((env) => [
    env,
    option({ env, flag: "--flag <text>", help: "", parse: optionalText }),
  ]),
);

describe("mistypedVariables", () => {
  it.each([
    ["POD_CREATOR", "POD_CREATORS"],
    ["TLS_SECERT", "TLS_SECRET"],
    ["TLS_KYE", "TLS_KEY"],
    ["WEBHOOK_LOGLEVEL", "WEBHOOK_LOG_LEVEL"],
  ])("%s was meant to be %s", (name, meant) => {
    expect(mistypedVariables(options, { [name]: "x" })).toEqual([{ name, meant }]);
  });

  it("leaves the settings alone, and what other programs read", () => {
    const own = Object.fromEntries(Object.values(options).map(({ env }) => [env, "x"]));
    const others = [
      "PATH",
      "HOME",
      "TERM",
      "SSL_CERT_FILE",
      "SSL_CERT",
      "SSL_KEY",
      "AWS_KEY",
      "KUBERNETES_PORT",
      "NODE_OPTIONS",
      "LOG_LEVEL",
    ];
    expect(
      mistypedVariables(options, { ...own, ...Object.fromEntries(others.map((name) => [name, "x"])) }),
    ).toEqual([]);
  });
});
