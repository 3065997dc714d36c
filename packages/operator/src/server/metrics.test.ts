import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import type { ApiRequest, ApiResponse, ApiStream, ClusterConnection } from "@cocoonstack/common/k8s";
import { processMetrics } from "@cocoonstack/program/endpoints";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { samplesIn } from "../../../../test/support/samples.js";
import type { Act, OwnerStatus } from "../act/index.js";
import type { Planned } from "../control/index.js";
import type { EventReason } from "../model/index.js";
import type { StoredSet } from "../observe/index.js";
import { OperatorMetrics } from "./metrics.js";

let registry: Registry;
let metrics: OperatorMetrics;
beforeEach(() => {
  registry = new Registry();
  metrics = new OperatorMetrics(registry);
});

/** All samples of the operator that are not 0, by their names without the prefix. */
async function samples(): Promise<Readonly<Record<string, number>>> {
  const prefix = "cocoon_operator_";
  const counted = [...samplesIn(await registry.metrics())].filter(
    ([name, value]) => name.startsWith(prefix) && !name.includes("_bucket{") && value !== 0,
  );
  return Object.fromEntries(counted.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** A CocoonSet, or a CocoonHibernation, as hooks get it. */
const subject = (name: string, status?: object): Planned =>
  ({ ref: { kind: "CocoonSet", namespace: "shop", name }, status }) as Planned;
const told = (reason: EventReason, of: Planned): void => {
  metrics.told({ type: "Warning", reason, message: "" }, of);
};

describe("what the operator measures of its work", () => {
  it.each([
    'actions_total{kind="create-pod",outcome="failed"}',
    'actions_total{kind="delete-tag",outcome="stale"}',
    'hibernate_phase_duration_seconds_count{result="timeout"}',
    'wake_phase_duration_seconds_count{result="ok"}',
    'reconcile_retries_total{why="stale"}',
    'reconcile_retries_total{why="failed"}',
  ])("is 0 before anything happens, where somebody may wait for it to grow: %s", async (sample) => {
    expect(samplesIn(await registry.metrics()).get(`cocoon_operator_${sample}`)).toBe(0);
    expect(await samples()).toEqual({});
  });

  it("are actions, passes, waits, retries, calls, events and leadership, by value", async () => {
    const create = { kind: "create-pod" } as Act;
    metrics.acted(create, { kind: "done" });
    metrics.acted(create, { kind: "done" });
    metrics.acted(create, { kind: "stale", why: "" });
    metrics.passed("set", 250);
    metrics.passed("pod", 1_000);
    metrics.waited(500);
    metrics.retried("stale");
    metrics.retried("failed");
    metrics.registryCalled({ operation: "resolve", outcome: "ok", durationMs: 20 });
    metrics.registryCalled({ operation: "resolve", outcome: "timeout", durationMs: 5_000 });
    metrics.event("sent");
    metrics.leads(true);
    expect(await samples()).toEqual({
      'actions_total{kind="create-pod",outcome="done"}': 2,
      'actions_total{kind="create-pod",outcome="stale"}': 1,
      'reconcile_duration_seconds_sum{kind="set"}': 0.25,
      'reconcile_duration_seconds_count{kind="set"}': 1,
      'reconcile_duration_seconds_sum{kind="pod"}': 1,
      'reconcile_duration_seconds_count{kind="pod"}': 1,
      queue_wait_seconds_sum: 0.5,
      queue_wait_seconds_count: 1,
      'reconcile_retries_total{why="stale"}': 1,
      'reconcile_retries_total{why="failed"}': 1,
      'registry_calls_total{operation="resolve",outcome="ok"}': 1,
      'registry_calls_total{operation="resolve",outcome="timeout"}': 1,
      'registry_call_duration_seconds_sum{operation="resolve"}': 5.02,
      'registry_call_duration_seconds_count{operation="resolve"}': 2,
      'events_total{outcome="sent"}': 1,
      leader: 1,
    });
    metrics.leads(false);
    expect(await samples()).not.toHaveProperty("leader");
  });

  it("are objects, silence and the queue as they are when somebody looks", async () => {
    const state = { size: 3, silentForMs: 1_500 };
    const cache = { state: { cocoonsets: state, cocoonhibernations: state, pods: state } };
    const queue = { depth: 0, delayed: 0, longestPassMs: 0 };
    metrics.follow(cache, () => queue);
    await samples();
    state.size = 4;
    Object.assign(queue, { depth: 1, delayed: 2, longestPassMs: 3_000 });
    expect(await samples()).toEqual({
      ...Object.fromEntries(
        Object.keys(cache.state).flatMap((resource) => [
          [`informer_objects{resource="${resource}"}`, 4],
          [`informer_last_event_age_seconds{resource="${resource}"}`, 1.5],
        ]),
      ),
      queue_depth: 1,
      queue_delayed: 2,
      longest_pass_seconds: 3,
    });
  });
});

describe("what people are told of a CocoonSet", () => {
  it("is counted for each set, until it is gone", async () => {
    const reasons = [
      "SubAgentRebuilding",
      "SubAgentDeadLetter",
      "ToolboxRebuilding",
      "ToolboxDeadLetter",
    ] as const;
    for (const reason of [...reasons, "SubAgentRebuilding", "Running"] as const)
      told(reason, subject("demo"));
    told("SubAgentRebuilding", subject("other"));
    const of = (set: string): string => `{namespace="shop",cocoonset="${set}"}`;
    expect(await samples()).toEqual({
      [`subagent_rebuild_total${of("demo")}`]: 2,
      [`subagent_dead_letter_total${of("demo")}`]: 1,
      [`toolbox_rebuild_total${of("demo")}`]: 1,
      [`toolbox_dead_letter_total${of("demo")}`]: 1,
      [`subagent_rebuild_total${of("other")}`]: 1,
    });
    metrics.forget({ metadata: { namespace: "shop", name: "demo" } } as StoredSet);
    expect(await registry.metrics()).not.toContain('cocoonset="demo"');
    expect(await samples()).toEqual({ [`subagent_rebuild_total${of("other")}`]: 1 });
  });

  it("is counted for failures of main agents, by the phase before", async () => {
    told("PodLifecycleFailed", subject("demo", { phase: "Running" }));
    told("PodLifecycleFailed", subject("demo", { phase: "Running" }));
    told("PodLifecycleFailed", subject("demo"));
    told("MainAgentFailed", subject("demo"));
    expect(await samples()).toEqual({
      'lifecycle_state_failed_observed_total{phase="Running"}': 2,
      'lifecycle_state_failed_observed_total{phase="Pending"}': 1,
    });
  });
});

describe("how long a CocoonHibernation took", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-03-01T12:00:42Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const before = (phase: string, lastTransitionTime = "2026-03-01T12:00:00Z"): object => ({
    phase,
    conditions: [
      { type: "Ready", status: "False", lastTransitionTime: "2026-03-01T11:00:00Z" },
      { type: "Progressing", status: "True", lastTransitionTime },
    ],
  });
  const written = (stored: object | undefined, phase: string): void => {
    metrics.statusWritten(subject("nap", stored), { phase, conditions: [] } as unknown as OwnerStatus);
  };

  it.each([
    ["Hibernating", "Hibernated", "hibernate", "ok"],
    ["Hibernating", "Failed", "hibernate", "timeout"],
    ["Waking", "Active", "wake", "ok"],
    ["Waking", "Failed", "wake", "timeout"],
  ])("is measured from %s to %s", async (from, to, name, result) => {
    written(before(from), to);
    expect(await samples()).toEqual({
      [`${name}_phase_duration_seconds_sum{result="${result}"}`]: 42,
      [`${name}_phase_duration_seconds_count{result="${result}"}`]: 1,
    });
  });

  it.each<[string, object | undefined, string]>([
    ["while it lasts", before("Hibernating"), "Hibernating"],
    ["of what turned round", before("Waking"), "Hibernating"],
    ["of what did not move", before("Failed"), "Hibernated"],
    ["of what is new", undefined, "Active"],
    ["from a time that nobody wrote", { phase: "Waking" }, "Active"],
    ["from a time that cannot be read", before("Waking", "yesterday"), "Active"],
  ])("is not measured %s", async (_, stored, phase) => {
    written(stored, phase);
    expect(await samples()).toEqual({});
  });
});

describe("a connection that is counted", () => {
  const refused = new Error("no answer");
  const answer: ApiResponse = { status: 409, headers: {}, body: Buffer.alloc(0) };
  const stream: ApiStream = { status: 200, headers: {}, chunks: Readable.from([]) };
  const inner: ClusterConnection = {
    server: "https://api",
    request: ({ path }: ApiRequest) => (path === "/gone" ? Promise.reject(refused) : Promise.resolve(answer)),
    stream: ({ path }: ApiRequest) => (path === "/gone" ? Promise.reject(refused) : Promise.resolve(stream)),
    getJson: () => Promise.resolve({ status: 404, body: undefined }),
    close: () => Promise.resolve(),
  };

  it("passes everything on, and counts it by verb and status", async () => {
    const counted = metrics.counted(inner);
    expect(counted.server).toBe("https://api");
    expect(await counted.request({ method: "PATCH", path: "/a" })).toBe(answer);
    expect(await counted.request({ path: "/a" })).toBe(answer);
    expect(await counted.stream({ path: "/a" })).toBe(stream);
    expect(await counted.getJson("/a")).toEqual({ status: 404, body: undefined });
    expect(await samples()).toEqual({
      'api_requests_total{verb="PATCH",status="409"}': 1,
      'api_requests_total{verb="GET",status="409"}': 1,
      'api_requests_total{verb="WATCH",status="200"}': 1,
      'api_requests_total{verb="GET",status="404"}': 1,
    });
  });

  it("counts what got no answer as status 0", async () => {
    const counted = metrics.counted(inner);
    await expect(counted.request({ method: "DELETE", path: "/gone" })).rejects.toBe(refused);
    await expect(counted.stream({ path: "/gone" })).rejects.toBe(refused);
    expect(await samples()).toEqual({
      'api_requests_total{verb="DELETE",status="0"}': 1,
      'api_requests_total{verb="WATCH",status="0"}': 1,
    });
  });
});

it("docs/operator.md has every metric, and no other", () => {
  const nothing = { size: 0, silentForMs: 0 };
  const state = { cocoonsets: nothing, cocoonhibernations: nothing, pods: nothing };
  metrics.follow({ state }, () => ({ depth: 0, delayed: 0, longestPassMs: 0 }));
  processMetrics(registry, "cocoon_operator", { version: "1", commit: "a" });
  const names = registry.getMetricsAsArray().map(({ name }) => name.replace("cocoon_operator_", ""));
  const exported = names.filter((name) => !/^(process|nodejs)_/.test(name));
  const page = readFileSync(new URL("../../../../docs/operator.md", import.meta.url), "utf8");
  const [, below = ""] = page.split("\n| metric (`cocoon_operator_…`)");
  const [table = ""] = below.split("\n\n");
  const named = [...table.matchAll(/`([a-z_]+)(?:\{[a-z_,]+\})?`/g)].map(([, name]) => name);
  expect([...named].sort()).toEqual([...exported].sort());
});
