import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkQueue, type QueueObserver, type WorkQueueOptions, type WorkResult } from "./work-queue.js";

// setImmediate stays real: it is what lets the queue turn without the clock moving.
beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

/** A queue whose passes end when the test says so. */
function opened(options: Partial<WorkQueueOptions> = {}) {
  const started: string[] = [];
  const ends = new Map<string, (end: () => Promise<WorkResult>) => void>();
  const queue = new WorkQueue({
    work: async (key) => {
      started.push(key);
      const end = await new Promise<() => Promise<WorkResult>>((resolve) => {
        ends.set(key, resolve);
      });
      return end();
    },
    ...options,
  });
  const stop = new AbortController();
  const running = queue.run(stop.signal);
  const end = async (key: string, how: () => Promise<WorkResult>): Promise<void> => {
    ends.get(key)?.(how);
    ends.delete(key);
    await settle();
  };
  return {
    queue,
    started,
    running,
    stop: () => {
      stop.abort();
    },
    succeed: (key: string, requeueAfterMs?: number) =>
      end(key, () => Promise.resolve(requeueAfterMs === undefined ? undefined : { requeueAfterMs })),
    fail: (key: string) => end(key, () => Promise.reject(new Error(`${key} fails`))),
    goOnElsewhere: (key: string) => end(key, () => Promise.resolve("under way")),
  };
}

describe("keys", () => {
  it("wait once, in the order in which they came", async () => {
    const { queue, started, succeed } = opened();
    for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
    await settle();
    for (const key of ["a", "b", "c"]) await succeed(key);
    expect(started).toEqual(["a", "b", "c"]);
  });

  it("that come before the run are worked, too", async () => {
    const worked: string[] = [];
    const queue = new WorkQueue({ work: (key) => Promise.resolve(void worked.push(key)) });
    queue.add("a");
    queue.addAfter("b", 100);
    expect(vi.getTimerCount()).toBe(0);
    void queue.run(new AbortController().signal);
    await pass(100);
    expect(worked).toEqual(["a", "b"]);
  });

  it("are never worked twice at once: what changes meanwhile is one more pass", async () => {
    const { queue, started, succeed } = opened({ workers: 4 });
    queue.add("a");
    await settle();
    for (let i = 0; i < 5; i++) queue.add("a");
    await settle();
    expect([started, queue.state.working]).toEqual([["a"], 1]);
    await succeed("a");
    expect(started).toEqual(["a", "a"]);
    await succeed("a");
    expect([started.length, queue.state.working]).toEqual([2, 0]);
  });

  it("are worked by as many workers as there are", async () => {
    const { queue, started, succeed } = opened({ workers: 2 });
    for (const key of ["a", "b", "c"]) queue.add(key);
    await settle();
    expect([started, queue.state]).toMatchObject([["a", "b"], { depth: 1, working: 2 }]);
    await succeed("b");
    expect(started).toEqual(["a", "b", "c"]);
  });
});

it("needs a worker", () => {
  const work = (): Promise<undefined> => Promise.resolve(undefined);
  expect(() => new WorkQueue({ work, workers: 0 })).toThrow(RangeError);
  expect(() => new WorkQueue({ work, workers: 1.5 })).toThrow("at least 1, and not 1.5");
});

describe("a later pass", () => {
  it("comes when its time has come", async () => {
    const { queue, started, succeed } = opened();
    queue.add("a");
    await settle();
    await succeed("a", 5_000);
    expect(queue.state).toMatchObject({ depth: 0, delayed: 1, working: 0 });
    await pass(4_999);
    expect(started).toHaveLength(1);
    await pass(1);
    expect(started).toHaveLength(2);
  });

  it("does not keep a change waiting", async () => {
    const { queue, started, succeed } = opened();
    queue.add("a");
    await settle();
    await succeed("a", 5_000);
    queue.add("a");
    await settle();
    expect(started).toHaveLength(2);
  });

  it("of no delay is a pass at once", async () => {
    const { queue, started, succeed } = opened();
    queue.addAfter("a", 0);
    await settle();
    await succeed("a", 0);
    expect(started).toHaveLength(2);
  });
});

describe("a pass that fails", () => {
  it("keeps its count where it goes on elsewhere before it fails again", async () => {
    const waits: number[] = [];
    const { queue, started, fail, goOnElsewhere } = opened({
      observer: { failed: (_key, { retryInMs }) => waits.push(retryInMs) },
    });
    for (const waitMs of [5, 10, 20]) {
      queue.add("a");
      await settle();
      await goOnElsewhere("a");
      await pass(60_000);
      queue.add("a");
      await settle();
      await fail("a");
      expect(waits.at(-1)).toBe(waitMs);
      await pass(waitMs);
    }
    expect(started).toHaveLength(7);
  });

  it("is repeated after 5 ms × 2ⁿ, at most 1,000 s, until it succeeds", async () => {
    const waits: number[] = [];
    const { queue, started, fail, succeed } = opened({
      observer: { failed: (_key, { retryInMs }) => waits.push(retryInMs) },
    });
    queue.add("a");
    await settle();
    for (let failures = 1; failures <= 20; failures++) {
      await fail("a");
      const waitMs = waits.at(-1) ?? 0;
      await pass(waitMs - 1);
      expect(started).toHaveLength(failures);
      await pass(1);
      expect(started).toHaveLength(failures + 1);
    }
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(waits.slice(-3)).toEqual([655_360, 1_000_000, 1_000_000]);

    await succeed("a", 1);
    await pass(1);
    await fail("a");
    expect(waits.at(-1)).toBe(5);
  });

  it("holds up no other key", async () => {
    const { queue, started, fail } = opened();
    queue.add("a");
    queue.add("b");
    await settle();
    await fail("a");
    expect(started).toEqual(["a", "b"]);
  });

  it("may also throw before it waits for anything", async () => {
    const failures: unknown[] = [];
    const queue = new WorkQueue({
      work: () => {
        throw new Error("at once");
      },
      observer: { failed: (key, failure) => failures.push([key, failure]) },
    });
    void queue.run(new AbortController().signal);
    queue.add("a");
    await settle();
    expect(failures).toEqual([["a", { error: new Error("at once"), failures: 1, retryInMs: 5 }]]);
  });
});

describe("the stop", () => {
  it("waits for what is under way, and begins nothing", async () => {
    const { queue, started, running, stop, succeed } = opened();
    let ended = false;
    void running.then(() => (ended = true));
    queue.add("a");
    queue.add("b");
    queue.addAfter("c", 10);
    await settle();
    queue.add("a");
    stop();
    queue.add("d");
    queue.addAfter("e", 10);
    await pass(1_000);
    expect([ended, vi.getTimerCount()]).toEqual([false, 0]);
    await succeed("a", 5);
    await pass(1_000);
    expect([ended, started, vi.getTimerCount()]).toEqual([true, ["a"], 0]);
  });

  it("also comes to a worker that was just given a key", async () => {
    const { queue, started, running, stop } = opened();
    await settle();
    queue.add("a");
    stop();
    await running;
    expect(started).toEqual([]);
  });

  it("may come before the run, which comes once", async () => {
    const queue = new WorkQueue({ work: () => Promise.resolve(undefined) });
    await queue.run(AbortSignal.abort());
    await expect(queue.run(AbortSignal.abort())).rejects.toThrow("a work queue runs once");
  });
});

describe("what can be seen", () => {
  it("is depth, waits, passes and what hangs", async () => {
    const log: unknown[] = [];
    const observer: QueueObserver = {
      depth: (keys) => log.push(["depth", keys]),
      started: (key, waitedMs) => log.push(["started", key, waitedMs]),
      finished: (key, tookMs) => log.push(["finished", key, tookMs]),
      failed: (key, { retryInMs }) => log.push(["failed", key, retryInMs]),
    };
    const { queue, succeed, fail } = opened({ observer });
    queue.add("a");
    queue.add("b");
    await settle();
    await pass(30);
    expect(queue.state).toEqual({ depth: 1, delayed: 0, working: 1, longestPassMs: 30 });
    await succeed("a");
    await pass(5);
    await fail("b");
    expect(queue.state).toEqual({ depth: 0, delayed: 1, working: 0, longestPassMs: 0 });
    expect(log).toEqual([
      // The first goes straight to the idle worker.
      ["depth", 1],
      ["started", "a", 0],
      ["finished", "a", 30],
      ["depth", 0],
      ["started", "b", 30],
      ["failed", "b", 5],
      ["finished", "b", 5],
    ]);
  });

  it("ends the run where a hook throws, because nobody else would see it", async () => {
    const { queue, running } = opened({
      workers: 2,
      observer: {
        started: () => {
          throw new Error("no such metric");
        },
      },
    });
    queue.add("a");
    await expect(running).rejects.toThrow("no such metric");
  });
});
