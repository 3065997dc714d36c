import { readSettings, settingsTable } from "@cocoonstack/program/settings";
import { expect, it } from "vitest";
import { textOf } from "../../../../test/support/documents/pages.js";
import { settingsRows } from "../../../../test/support/documents/settings-rows.js";
import { options } from "./options.js";

it("asks for nothing but the backend", () => {
  expect(readSettings(options, {}, { NODE_BACKEND: "simulated" })).toEqual({
    ok: true,
    config: {
      backend: "simulated",
      name: "cocoon-node",
      pool: "default",
      maxPods: 256,
      kubeconfig: undefined,
      registry: undefined,
      stateDir: undefined,
      bootMs: 1_000,
      saveMs: 500,
      pushMs: 0,
      logLevel: "info",
    },
  });
});

it("is what docs/node.md says", () => {
  expect(settingsRows(textOf("docs/node.md"))).toEqual(settingsRows(settingsTable(options)));
});
