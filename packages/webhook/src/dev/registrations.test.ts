import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiRequest } from "@cocoonstack/common/k8s";
import {
  failure,
  type ScriptedAnswer,
  ScriptedConnection,
} from "../../../../test/support/scripted-connection.js";
import type { WebhookConfiguration } from "../registration/index.js";
import { Registrations } from "./registrations.js";

const mutatingPath = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
const validatingPath = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

const configuration = (kind: WebhookConfiguration["kind"]): WebhookConfiguration => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind,
  metadata: { name: "mine" },
  webhooks: [{ name: "probe", matchConditions: [{ name: "is-probe", expression: "true" }] }],
});
const configurations = [
  configuration("MutatingWebhookConfiguration"),
  configuration("ValidatingWebhookConfiguration"),
];

/** An answer to what is asked by a method and a path; else the good one. */
type Exception = (request: ApiRequest) => ScriptedAnswer | undefined;

/** What an API server answers that stores, shows and deletes whatever it is told to. */
function good({ method, path, body = "" }: ApiRequest): ScriptedAnswer {
  const uid = path.startsWith(mutatingPath) ? "uid-1" : "uid-2";
  if (method !== "POST") return { status: 200, body: { metadata: { name: "mine", uid } } };
  const stored = JSON.parse(body) as WebhookConfiguration;
  return { status: 201, body: { ...stored, metadata: { ...stored.metadata, uid } } };
}

function cluster(exception: Exception = () => undefined) {
  const connection = new ScriptedConnection((request) => exception(request) ?? good(request));
  return { connection, registrations: new Registrations(connection) };
}

const on =
  (method: ApiRequest["method"], path: string, answer: ScriptedAnswer): Exception =>
  (request) =>
    request.method === method && request.path.startsWith(path) ? answer : undefined;

const deletedBy = ({ connection }: ReturnType<typeof cluster>): readonly string[] =>
  connection.by("DELETE").map(({ path }) => path);

const faultsOf = async (promise: Promise<unknown>): Promise<readonly string[]> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AggregateError ? error.errors.map(String) : [String(error)];
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("Registrations.during", () => {
  it("gives the result of the work, and deletes what it created, and nothing that has the name since", async () => {
    const one = cluster();
    const result = await one.registrations.during(configurations, (created) => {
      expect(deletedBy(one)).toEqual([]);
      return Promise.resolve(created.map(({ metadata }) => metadata.uid));
    });
    expect(result).toEqual(["uid-1", "uid-2"]);
    expect(
      one.connection.by("DELETE").map(({ path, body = "" }) => [path, JSON.parse(body) as unknown]),
    ).toEqual(
      [
        [`${mutatingPath}/mine`, "uid-1"],
        [`${validatingPath}/mine`, "uid-2"],
      ].map(([path, uid]) => [path, { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } }]),
    );
  });

  it("deletes them where the work fails, and tells of that", async () => {
    const one = cluster();
    const work = (): Promise<never> => Promise.reject(new Error("no luck"));
    expect(await faultsOf(one.registrations.during(configurations, work))).toEqual(["Error: no luck"]);
    expect(deletedBy(one)).toHaveLength(2);
  });

  it.each([
    ["forbidden", failure(403, "Forbidden", "no")],
    ["taken by another one", failure(409, "AlreadyExists", "there is one")],
  ])("leaves alone what was never created, being %s", async (_, answer) => {
    const first = cluster(on("POST", mutatingPath, answer));
    const work = vi.fn(() => Promise.resolve());
    expect(await faultsOf(first.registrations.during(configurations, work))).toHaveLength(1);
    expect(first.connection.requests).toHaveLength(1);

    const second = cluster(on("POST", validatingPath, answer));
    await faultsOf(second.registrations.during(configurations, work));
    expect(deletedBy(second)).toEqual([`${mutatingPath}/mine`]);
    expect(work).not.toHaveBeenCalled();
  });

  it.each<[string, ScriptedAnswer]>([
    ["was lost", "no answer"],
    ["came from a server that gave up", failure(504, "Timeout", "timed out")],
  ])("deletes also what may have been created, where the answer %s", async (_, answer) => {
    const one = cluster(on("POST", mutatingPath, answer));
    await faultsOf(one.registrations.during(configurations, () => Promise.resolve()));
    expect(deletedBy(one)).toEqual([`${mutatingPath}/mine`]);
    expect(JSON.parse(one.connection.by("DELETE")[0]?.body ?? "")).not.toHaveProperty("preconditions");
  });

  it("takes back at once what a cluster has stored without its conditions", async () => {
    const stored = { metadata: { name: "mine", uid: "uid-1" }, webhooks: [{ name: "probe" }] };
    const one = cluster(on("POST", mutatingPath, { status: 201, body: stored }));
    const work = vi.fn(() => Promise.resolve());
    expect(await faultsOf(one.registrations.during(configurations, work))).toEqual([
      expect.stringMatching(/MutatingWebhookConfiguration without the matchConditions of probe.*1\.28/),
    ]);
    expect(work).not.toHaveBeenCalled();
    expect(deletedBy(one)).toEqual([`${mutatingPath}/mine`]);
  });
});

describe("Registrations.remove", () => {
  const ref = { kind: "MutatingWebhookConfiguration", metadata: { name: "mine", uid: "uid-1" } } as const;

  it.each<[string, ScriptedAnswer]>([
    ["is gone", failure(404, "NotFound", "not found")],
    ["has been made anew by somebody", failure(409, "Conflict", "the UID differs")],
  ])("is content where the configuration %s", async (_, answer) => {
    await expect(cluster(on("DELETE", "", answer)).registrations.remove(ref)).resolves.toBeUndefined();
  });

  it.each<[string, ScriptedAnswer]>([
    ["no answer", "no answer"],
    ["429", failure(429, "TooManyRequests", "later")],
    ["503", failure(503, "ServiceUnavailable", "restarting")],
  ])("tries again after %s", async (_, answer) => {
    let tries = 0;
    const one = cluster(() => ((tries += 1) <= 3 ? answer : undefined));
    const removal = one.registrations.remove(ref);
    await vi.advanceTimersByTimeAsync(2000);
    await removal;
    expect(tries).toBe(4);
  });

  it("gives up after ten seconds, and says what may be left and how to delete it", async () => {
    const one = cluster(() => "no answer");
    const startedMs = performance.now();
    const faults = faultsOf(one.registrations.remove(ref));
    await vi.runAllTimersAsync();
    expect(await faults).toEqual([
      expect.stringMatching(
        /MutatingWebhookConfiguration mine could not be deleted: .*timed out; do it by 'kubectl delete mutatingwebhookconfiguration mine', or start again$/,
      ),
    ]);
    expect(performance.now() - startedMs).toBeGreaterThan(10_000);
    expect(performance.now() - startedMs).toBeLessThan(11_000);
  });

  it("gives up at once where it is forbidden, because time mends nothing", async () => {
    const one = cluster(() => failure(403, "Forbidden", "no"));
    expect(await faultsOf(one.registrations.remove(ref))).toEqual([expect.stringContaining("Forbidden")]);
    expect(one.connection.requests).toHaveLength(1);
  });
});

describe("Registrations.untilGone", () => {
  const created = [
    { kind: "MutatingWebhookConfiguration", metadata: { name: "mine", uid: "uid-1" } },
    { kind: "ValidatingWebhookConfiguration", metadata: { name: "mine", uid: "uid-2" } },
  ] as const;

  it.each<[string, ScriptedAnswer]>([
    ["has been deleted", failure(404, "NotFound", "not found")],
    ["is another one by now", { status: 200, body: { metadata: { name: "mine", uid: "uid-3" } } }],
  ])("finds one that %s", async (_, answer) => {
    let isGone = false;
    const one = cluster(({ path }) => (isGone && path.startsWith(validatingPath) ? answer : undefined));
    const found = one.registrations.untilGone(created, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(one.connection.requests).toHaveLength(2);
    isGone = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(await found).toBe(created[1]);
  });

  it.each<[string, ScriptedAnswer]>([
    ["no answer", "no answer"],
    ["a server that restarts", failure(503, "ServiceUnavailable", "restarting")],
    ["no right to look", failure(403, "Forbidden", "no")],
  ])("takes %s for no sign, and ends with the signal", async (_, answer) => {
    const one = cluster(() => answer);
    const stop = new AbortController();
    const found = one.registrations.untilGone(created, stop.signal);
    await vi.advanceTimersByTimeAsync(20_000);
    stop.abort();
    expect(await found).toBeUndefined();
    expect(one.connection.requests.length).toBeGreaterThanOrEqual(6);
  });
});
