import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Act, type Acting, type Outcome, OwnerVersion, type OwnerStatus } from "../act/index.js";
import type { Action, Plan, TagFacts, TagRef } from "../model/index.js";
import { Controller } from "./controller.js";
import type { Observer } from "./observer.js";
import { ActionsFailedError, StaleRoundError } from "./round-errors.js";
import { type Planned, Results } from "./round.js";

const key = "set/shop/demo";
const tag: TagRef = { vmName: "vm", tag: "hibernate" };
const status = {
  conditions: [{ type: "Degraded", status: "False", reason: "AsExpected", message: "" }],
} as OwnerStatus;
const createPod = {
  kind: "create-pod",
  pod: { metadata: { name: "demo-0" } },
  provided: [],
} as unknown as Action;
const patchOwner: Action = { kind: "patch-owner", uid: "s1", resourceVersion: "1", annotations: {} };
const deleteTag: Action = { kind: "delete-tag", ...tag, digest: "d", provided: [] };
const deletePod: Action = {
  kind: "delete-pod",
  name: "demo-1",
  uid: "p1",
  resourceVersion: "1",
  provided: [],
};
const event: Action = {
  kind: "emit-event",
  of: "status",
  type: "Normal",
  reason: "Running",
  message: "it runs",
};
const rebuilding: Action = {
  kind: "emit-event",
  of: { pod: "demo-1" },
  type: "Normal",
  reason: "SubAgentRebuilding",
  message: "slot 1 attempt 1/4",
};

/** Plays observer, planner, actor and registry, and writes down what happens. */
class Bench {
  readonly told: string[] = [];
  readonly enqueued: number[] = [];
  readonly observed: number[] = [];
  observations = 0;
  /** What is planned, by what is known of tags. */
  plan: (tags: TagFacts) => Partial<Plan<object>> = () => ({});
  outcome: (act: Act) => Outcome = () => ({ kind: "done" });
  resolve: () => Promise<string | undefined> = () => Promise.resolve(undefined);
  statuses: OwnerStatus[] = [];
  readonly controller: Controller;

  constructor() {
    const actor: Acting = {
      act: (_subject, act) => {
        this.told.push(act.kind);
        return Promise.resolve(this.outcome(act));
      },
      writeStatus: (_subject, written) => {
        this.told.push("status");
        this.statuses.push(written);
        return Promise.resolve({ kind: "done" });
      },
    };
    const observer = {
      observe: () => {
        this.observations++;
        return Promise.resolve({
          subjects: [this.#subject()],
          tags: new Map(),
          carriedOut: new Set<string>(),
          results: new Results(),
          lookAgainMs: undefined,
        });
      },
      stranger: (_key: unknown, name: string) => this.told.push(`stranger ${name}`),
    } as unknown as Observer;
    this.controller = new Controller({
      observer,
      actor,
      registry: {
        resolve: () => this.resolve(),
        tag: () => Promise.resolve(),
        deleteTag: () => Promise.resolve(),
      },
      enqueue: (_key, afterMs) => this.enqueued.push(afterMs),
      hooks: {
        observed: (_key, subjects) => this.observed.push(subjects.length),
        acted: () => undefined,
        statusWritten: () => undefined,
        event: (_target, { reason }) => this.told.push(`event ${reason}`),
      },
      signal: new AbortController().signal,
    });
  }

  /** Works the key so often, each time to the end of what goes on away from the workers. */
  async passes(count: number): Promise<void> {
    for (let pass = 0; pass < count; pass++) {
      await this.controller.work(key);
      await this.controller.ended();
    }
  }

  #subject(): Planned {
    const ref = {
      kind: "CocoonSet",
      namespace: "shop",
      name: "demo",
      uid: "s1",
      resourceVersion: "1",
    } as const;
    return {
      ref,
      version: new OwnerVersion("1"),
      finalizers: [],
      status: undefined,
      stored: {} as Planned["stored"],
      plan: (tags) => ({ asks: [], actions: [], status: undefined, ...this.plan(tags) }),
    };
  }
}

let bench: Bench;
beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a pass", () => {
  it("does the pods first, then the object itself, then its status, and tells people last", async () => {
    bench.plan = () => ({ actions: [event, patchOwner, createPod], status });
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 0 });
    expect(bench.told).toEqual(["create-pod", "patch-owner", "status", "event Running"]);
  });

  it("says nothing of a plan that has become stale, and is made again", async () => {
    bench.plan = () => ({ actions: [event, createPod], status });
    bench.outcome = () => ({ kind: "stale", why: "changed", heldName: "demo-0" });
    await expect(bench.controller.work(key)).rejects.toThrow(StaleRoundError);
    expect(bench.told).toEqual(["create-pod", "stranger demo-0"]);
  });

  it("says in the status what could not be done, and is made again", async () => {
    bench.plan = () => ({ actions: [createPod], status });
    bench.outcome = () => ({ kind: "failed", error: new Error("exceeded quota") });
    await expect(bench.controller.work(key)).rejects.toThrow(ActionsFailedError);
    expect(bench.statuses[0]?.conditions).toEqual([
      { type: "Degraded", status: "True", reason: "ActionFailed", message: "exceeded quota" },
    ]);
    expect(bench.told).toContain("event ActionFailed");
  });

  it.each<[string, Action["kind"], Outcome, readonly string[]]>([
    ["that fails", "delete-pod", { kind: "failed", error: new Error("500") }, ["Running"]],
    ["that is planned anew", "delete-pod", { kind: "stale", why: "changed" }, []],
    [
      "of which only the others fail",
      "create-pod",
      { kind: "failed", error: new Error("500") },
      ["Running", rebuilding.reason],
    ],
    [
      "of which only the others are planned anew",
      "create-pod",
      { kind: "stale", why: "changed" },
      [rebuilding.reason],
    ],
  ])(
    "with an act %s tells of what was done, and of the transitions that the status shows",
    async (_, not, outcome, told) => {
      bench.plan = () => ({ actions: [createPod, deletePod, event, rebuilding], status });
      bench.outcome = ({ kind }) => (kind === not ? outcome : { kind: "done" });
      await expect(bench.controller.work(key)).rejects.toThrow();
      const events = bench.told.filter((line) => line.startsWith("event ") && line !== "event ActionFailed");
      expect(events).toEqual(told.map((reason) => `event ${reason}`));
    },
  );

  it("looks again when the plan says so", async () => {
    bench.plan = () => ({
      actions: [
        { kind: "requeue", afterMs: 700 },
        { kind: "requeue", afterMs: 300 },
      ],
    });
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 300 });
  });
});

describe("what the registry is asked for", () => {
  it("is asked away from the workers; the plan is made again of the same observation, and pods are done but once", async () => {
    bench.plan = (tags) =>
      tags.size === 0
        ? { asks: [tag], actions: [createPod], status }
        : { actions: [createPod, patchOwner], status };
    expect(await bench.controller.work(key)).toBe("under way");
    expect(bench.told).toEqual(["create-pod"]);
    await bench.controller.ended();
    expect(bench.enqueued).toEqual([0]);
    await bench.controller.work(key);
    expect([bench.observations, bench.observed]).toEqual([1, [1]]);
    expect(bench.told).toEqual(["create-pod", "patch-owner", "status"]);
  });

  it("is forgotten with the round", async () => {
    bench.plan = (tags) => ({ asks: tags.size === 0 ? [tag] : [] });
    await bench.passes(2);
    await bench.passes(2);
    expect(bench.observations).toBe(2);
  });

  it("keeps its key at rest meanwhile, and a change that comes then is looked at afterwards", async () => {
    let answer: (digest: undefined) => void = () => undefined;
    bench.resolve = () => new Promise((resolve) => (answer = resolve));
    bench.plan = (tags) => ({ asks: tags.size === 0 ? [tag] : [] });
    await bench.controller.work(key);
    expect(await bench.controller.work(key)).toBe("under way");
    expect(bench.observations).toBe(1);
    answer(undefined);
    await bench.controller.ended();
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 0 });
  });

  it("is planned by once more where something changes after the answer, and before the key is worked again", async () => {
    bench.plan = (tags) =>
      tags.size === 0 ? { asks: [tag] } : { actions: [{ kind: "requeue", afterMs: 300_000 }] };
    await bench.controller.work(key);
    await bench.controller.ended();
    // The queue holds the key already, so that this leads to no pass of its own.
    bench.controller.changed({ kind: "set", namespace: "shop", name: "demo" });
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 0 });
    await bench.passes(1);
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 300_000 });
    expect(bench.observations).toBe(2);
  });
});

describe("a change of a tag", () => {
  it("comes after the status, away from the workers, and rests the key until it has ended", async () => {
    bench.plan = () => ({ actions: [deleteTag], status });
    await bench.controller.work(key);
    expect(bench.told.slice(0, 2)).toEqual(["status", "delete-tag"]);
    expect(await bench.controller.work(key)).toBe("under way");
    expect(bench.observations).toBe(1);
    await bench.controller.ended();
    expect(bench.enqueued).toEqual([0]);
  });

  it("that is refused is not tried again at once, and the next plan knows of it", async () => {
    const facts: unknown[] = [];
    bench.resolve = () => Promise.resolve("d");
    bench.outcome = () => ({ kind: "failed", error: new Error("405"), isRefused: true });
    bench.plan = (tags) => {
      facts.push(...tags.values());
      return tags.size === 0 ? { asks: [tag] } : { actions: [deleteTag] };
    };
    // It asks, deletes, asks again, and holds back.
    await bench.passes(4);
    expect(bench.told).toEqual(["delete-tag"]);
    expect(bench.enqueued).toEqual([0, 1_000, 0]);
    expect(facts.at(-1)).toEqual({ state: "present", digest: "d", refusal: "405" });
    vi.advanceTimersByTime(30_000);
    await bench.passes(2);
    expect(bench.told).toEqual(["delete-tag", "delete-tag"]);
  });

  it("that nobody makes is looked at again as seldom as a registry that refuses", async () => {
    bench.plan = () => ({ actions: [deleteTag] });
    bench.outcome = () => ({ kind: "left out" });
    await bench.passes(1);
    expect(bench.enqueued).toEqual([30_000]);
  });

  it("that is done, and that the registry does not show yet, is not made again at once", async () => {
    bench.resolve = () => Promise.resolve("d");
    bench.plan = (tags) => (tags.size === 0 ? { asks: [tag] } : { actions: [deleteTag] });
    // It asks, deletes, and asks again.
    await bench.passes(3);
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 5_000 });
    await bench.passes(6);
    expect(bench.told).toEqual(["delete-tag"]);
    vi.advanceTimersByTime(5_000);
    await bench.passes(2);
    expect(bench.told).toEqual(["delete-tag", "delete-tag"]);
  });

  it("that failed for a while is no refusal: the status says that it failed, and it is tried again", async () => {
    const facts: unknown[] = [];
    bench.resolve = () => Promise.resolve("d");
    bench.outcome = () => ({ kind: "failed", error: new Error("503") });
    bench.plan = (tags) => {
      facts.push(...tags.values());
      return tags.size === 0 ? { asks: [tag] } : { actions: [deleteTag], status };
    };
    await bench.passes(3);
    expect(await bench.controller.work(key)).toEqual({ requeueAfterMs: 30_000 });
    expect(facts.at(-1)).toEqual({ state: "present", digest: "d", failure: "503" });
    expect(bench.statuses.at(-1)?.conditions).toEqual([
      { type: "Degraded", status: "True", reason: "ActionFailed", message: "503" },
    ]);
    vi.advanceTimersByTime(30_000);
    await bench.passes(2);
    expect(bench.told.filter((line) => line === "delete-tag")).toHaveLength(2);
  });
});
