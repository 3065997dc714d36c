import { afterAll, beforeAll, expect, it } from "vitest";
import { WebhookProcess } from "../../support/webhook-process.js";
import { hostiles } from "./index.js";

let webhook: WebhookProcess;
beforeAll(async () => {
  // About the heap that Node takes in a container with the shipped limit of memory.
  const env = { NODE_OPTIONS: "--max-old-space-size=256" };
  webhook = await WebhookProcess.start(
    ["--standalone", "--body-timeout", "1s", "--max-bodies-bytes", "20000000"],
    env,
  );
});
afterAll(() => webhook.stop());

it.each(hostiles)("$name: $expected", async ({ attack, hold, fits }) => {
  const target = { port: webhook.port, bodyTimeoutMs: 1_000, isShort: true };
  const held = await hold?.(target);
  expect(await attack(target)).toMatch(fits);
  await held?.[Symbol.asyncDispose]();
  expect(await webhook.call("/healthz", { method: "GET", headers: {} })).toMatchObject({ status: 200 });
});
