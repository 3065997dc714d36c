import { readSettings, settingsTable } from "@cocoonstack/program/settings";
import { expect, it } from "vitest";
import { textOf } from "../../../../test/support/documents/pages.js";
import { settingsRows } from "../../../../test/support/documents/settings-rows.js";
import { options } from "./options.js";

it("has a fallback for everything", () => {
  expect(readSettings(options, {}, {})).toEqual({
    ok: true,
    config: {
      kubeconfig: undefined,
      logLevel: "info",
      metricsAddr: ":8080",
      probeAddr: ":8081",
      leaderElect: true,
      leaseNamespace: undefined,
      concurrency: 4,
    },
  });
});

it.each([
  [{ LEADER_ELECT: "F" }, { leaderElect: false }],
  [{ LEADER_ELECT: "1" }, { leaderElect: true }],
  [{ COCOONSET_CONCURRENCY: "9" }, { concurrency: 9 }],
])("reads %j", (env, config) => {
  expect(readSettings(options, {}, env)).toMatchObject({ ok: true, config });
});

it("names everything that is malformed, at once", () => {
  const env = { LEADER_ELECT: "maybe", COCOONSET_CONCURRENCY: "0", METRICS_ADDR: "here" };
  expect(readSettings(options, {}, env)).toEqual({
    ok: false,
    faults: [
      'METRICS_ADDR must be an address to listen on, such as :8443 or 127.0.0.1:8443; it is "here"',
      'LEADER_ELECT must be true or false; it is "maybe"',
      'COCOONSET_CONCURRENCY must be a whole number, at least 1; it is "0"',
    ],
  });
});

it("is what docs/operator.md says", () => {
  expect(settingsRows(textOf("docs/operator.md"))).toEqual(settingsRows(settingsTable(options)));
});
