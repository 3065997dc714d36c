import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  failure,
  type ScriptedAnswer,
  ScriptedConnection,
} from "../../../../test/support/scripted-connection.js";
import { Probe } from "./probe.js";

const object = { name: "mine-validating", namespace: "team-a" };
const call =
  'Internal error occurred: failed calling webhook "probe.dev.webhook.cocoonstack.io": failed to call webhook: ';
const unreachable = failure(500, "InternalError", `${call}Post "https://h/warn": connection refused`);
const denied = failure(403, "Forbidden", 'admission webhook "gatekeeper" denied the request: no labels');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What comes of a probe where these answers follow one another; the last one goes on. */
async function fate(answers: readonly ScriptedAnswer[], arrivesAt = Infinity) {
  const connection: ScriptedConnection = new ScriptedConnection(() => {
    const number = connection.requests.length;
    if (number >= arrivesAt) probe.recognise({ kind: "ConfigMap", name: object.name });
    return answers[Math.min(number, answers.length) - 1] ?? "no answer";
  });
  const probe = new Probe(connection);
  const arrives = probe.arrives(object, { timeoutMs: 8000, signal: new AbortController().signal });
  await vi.runAllTimersAsync();
  return { fault: await arrives, requests: connection.requests };
}

describe("Probe.arrives", () => {
  it("creates a ConfigMap as a dry run", async () => {
    const { fault, requests } = await fate([{ status: 201 }], 1);
    expect(fault).toBeUndefined();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: "POST",
      path: "/api/v1/namespaces/team-a/configmaps?dryRun=All",
      body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"mine-validating"}}',
    });
  });

  it.each<[string, ScriptedAnswer]>([
    ["nobody is asked yet", { status: 201 }],
    ["the webhook cannot be reached", unreachable],
    ["another webhook refuses", denied],
    ["there is no answer", "no answer"],
  ])("tries on while %s", async (_, answer) => {
    const { fault, requests } = await fate([answer, answer, denied], 3);
    expect(fault).toBeUndefined();
    expect(requests).toHaveLength(3);
  });

  it("says why it did not arrive when time is up", async () => {
    const { fault, requests } = await fate([unreachable]);
    expect(fault).toEqual({ kind: "unreachable", message: 'Post "https://h/warn": connection refused' });
    expect(requests.length).toBeGreaterThan(30);
  });

  it.each([
    [
      "forbidden",
      failure(403, "Forbidden", 'configmaps is forbidden: User "a" cannot create resource "configmaps"'),
    ],
    ["no-namespace", failure(404, "NotFound", 'namespaces "team-a" not found')],
  ])("gives up at once at %s, because time mends nothing", async (kind, answer) => {
    const { fault, requests } = await fate([answer]);
    expect(fault?.kind).toBe(kind);
    expect(requests).toHaveLength(1);
  });
});

describe("Probe.isUnanswered", () => {
  it.each<[string, ScriptedAnswer, boolean]>([
    ["the registration's own place gives no answer", unreachable, true],
    [
      "another team's webhook gives no answer",
      failure(
        500,
        "InternalError",
        'failed calling webhook "configmaps.example.com": failed to call webhook: refused',
      ),
      false,
    ],
    ["another webhook refuses", denied, false],
    ["somebody answers", { status: 201 }, false],
    ["the API server gives no answer", "no answer", false],
  ])("where %s", async (_, answer, expected) => {
    expect(await new Probe(new ScriptedConnection(() => answer)).isUnanswered(object)).toBe(expected);
  });
});
