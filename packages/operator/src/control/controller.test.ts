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
const event: Action = { kind: "emit-event", type: "Normal", reason: "Running", message: "it runs" };

/** Plays observer, planner, actor and registry, and writes down what happens. */
class Bench {
  readonly told: string[] = [];
  readonly enqueued: number[] = [];
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
    expect(bench.observations).toBe(1);
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

  it("is not known where the registry fails", async () => {
    const seen: unknown[] = [];
    bench.resolve = () => Promise.reject(new Error("connection refused"));
    bench.plan = (tags) => {
      seen.push(...tags.values());
      return { asks: tags.size === 0 ? [tag] : [] };
    };
    await bench.controller.work(key);
    await bench.controller.ended();
    await bench.controller.work(key);
    expect(seen).toEqual([{ state: "unknown", message: "connection refused" }]);
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
    bench.outcome = () => ({ kind: "failed", error: new Error("405") });
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
});
