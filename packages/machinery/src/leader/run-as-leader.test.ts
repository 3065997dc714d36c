import { RequestError, type ApiRequest, type ApiResponse } from "@cocoonstack/common/k8s";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ElectionOptions } from "./election-options.js";
import { LeaseLostError } from "./lease-lost-error.js";
import { runAsLeader } from "./run-as-leader.js";
import type { Leadership } from "./term.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Stored {
  readonly resourceVersion: number;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Keeps one Lease, by the rules of an API server. */
class LeaseServer {
  lease: Stored | undefined;
  #version = 0;

  answer({ method = "GET", body = "{}" }: ApiRequest): ApiResponse {
    const { metadata = {}, spec } = JSON.parse(body) as {
      metadata?: { resourceVersion?: string };
      spec?: Readonly<Record<string, unknown>>;
    };
    const refusal = this.#refusal(method, metadata.resourceVersion);
    if (refusal !== undefined) return respond(refusal);
    if (spec !== undefined) this.put({ ...this.lease?.spec, ...spec });
    return respond(200, { metadata: { resourceVersion: this.#resourceVersion }, spec: this.lease?.spec });
  }

  get #resourceVersion(): string | undefined {
    return this.lease?.resourceVersion.toString();
  }

  #refusal(method: string, resourceVersion: string | undefined): number | undefined {
    if (method === "POST") return this.lease === undefined ? undefined : 409;
    if (this.lease === undefined) return 404;
    return method === "PATCH" && resourceVersion !== this.#resourceVersion ? 409 : undefined;
  }

  put(spec: Stored["spec"]): void {
    this.lease = { resourceVersion: ++this.#version, spec };
  }

  get holder(): unknown {
    return this.lease?.spec["holderIdentity"];
  }
}

const respond = (status: number, body: object = { kind: "Status" }): ApiResponse => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});

/** A replica. Its `link` is how its requests fare: "fails", or "answers are lost" after they took effect. */
function replica(server: LeaseServer, identity: string, options: Partial<ElectionOptions> = {}) {
  const state = {
    link: "works" as "works" | "fails" | "loses answers" | "hangs",
    leadership: undefined as Leadership | undefined,
    happened: [] as unknown[],
    outcome: undefined as unknown,
  };
  const request = async ({ timeoutMs = 0, ...rest }: ApiRequest): Promise<ApiResponse> => {
    if (state.link === "hangs") {
      await new Promise((resolve) => setTimeout(resolve, timeoutMs));
      throw new RequestError("timeout", "no answer");
    }
    if (state.link === "fails") throw new RequestError("connection", "refused");
    const response = server.answer(rest);
    if (state.link === "loses answers") throw new RequestError("timeout", "no answer");
    return response;
  };
  const stop = new AbortController();
  let finish: (how: () => Promise<string>) => void = () => undefined;
  const result = runAsLeader(
    {
      connection: { request },
      namespace: "shop",
      name: "operator",
      identity,
      observer: {
        holder: (holder) => state.happened.push(["holder", holder]),
        lost: ({ message }) => state.happened.push(["lost", message]),
        failed: (error) => state.happened.push(["failed", (error as Error).message]),
      },
      ...options,
    },
    stop.signal,
    async (leadership) => {
      state.leadership = leadership;
      const how = await new Promise<() => Promise<string>>((resolve) => {
        finish = resolve;
      });
      return how();
    },
  ).then(
    (value) => (state.outcome = { value }),
    (error: unknown) => (state.outcome = error),
  );
  return {
    state,
    result,
    leads: () => state.leadership?.holds() ?? false,
    stop: () => {
      stop.abort();
    },
    finish: (how: () => Promise<string> = () => Promise.resolve("done")) => {
      finish(how);
    },
  };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("one replica", () => {
  it("makes the lease, renews it and releases it in the end", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    expect([a.leads(), a.state.happened]).toEqual([true, [["holder", "a"]]]);
    expect(server.lease?.spec).toMatchObject({
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
    });
    expect(server.lease?.spec["renewTime"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    await pass(60_000);
    expect([a.leads(), server.lease?.resourceVersion]).toEqual([true, 31]);
    a.finish();
    await pass(0);
    expect([server.holder, a.state.outcome, vi.getTimerCount()]).toEqual([null, { value: "done" }, 0]);
  });

  it("renews until its work has ended, and releases only then", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    a.stop();
    expect([a.state.leadership?.signal.aborted, a.leads()]).toEqual([true, false]);
    await pass(60_000);
    expect([server.holder, server.lease?.resourceVersion, a.state.outcome]).toEqual(["a", 31, undefined]);
    a.finish();
    await pass(0);
    expect(server.holder).toBeNull();
  });

  it("releases also when its work fails", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    a.finish(() => Promise.reject(new Error("a bug")));
    await pass(0);
    expect([server.holder, a.state.outcome]).toEqual([null, new Error("a bug")]);
  });

  it("that is stopped before it leads, does not", async () => {
    const server = new LeaseServer();
    server.put({ holderIdentity: "z", leaseDurationSeconds: 15 });
    const a = replica(server, "a");
    await pass(5_000);
    a.stop();
    await pass(0);
    expect([a.state.outcome, a.state.leadership, vi.getTimerCount()]).toEqual([
      { value: undefined },
      undefined,
      0,
    ]);
  });

  it("that is stopped while it wins, gives the lease back", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    a.stop();
    await pass(0);
    expect([a.state.outcome, a.state.leadership, server.holder]).toEqual([
      { value: undefined },
      undefined,
      null,
    ]);
  });

  it("outlives failures that are shorter than its deadline, also where answers are lost", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    for (const link of ["fails", "loses answers", "hangs"] as const) {
      a.state.link = link;
      await pass(7_000);
      a.state.link = "works";
      await pass(5_000);
      expect(a.leads(), link).toBe(true);
    }
  });

  it("makes the lease again where somebody deleted it", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    server.lease = undefined;
    await pass(2_000);
    expect([a.leads(), server.holder]).toEqual([true, "a"]);
  });
});

describe("leadership is lost", () => {
  it.each(["fails", "hangs"] as const)("when renewing %s for 10 s", async (link) => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(4_000);
    a.state.link = link;
    await pass(9_999);
    expect(a.leads()).toBe(true);
    await pass(1);
    expect(a.leads()).toBe(false);
    await pass(2_000);
    const reason: unknown = a.state.leadership?.signal.reason;
    expect(reason).toBeInstanceOf(LeaseLostError);
    expect(reason).toMatchObject({
      message: "the lease shop/operator could not be renewed within 10000 ms",
      cause: expect.any(RequestError) as unknown,
    });
    a.finish();
    await pass(0);
    expect([a.state.outcome, server.holder, vi.getTimerCount()]).toEqual([reason, "a", 0]);
  });

  it("at once when another one holds the lease", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    server.put({ holderIdentity: "z", leaseDurationSeconds: 15 });
    await pass(2_000);
    expect(a.state.happened.at(-1)).toEqual(["lost", "the lease shop/operator is held by z now"]);
    expect(a.leads()).toBe(false);
    a.finish(() => Promise.reject(new Error("what came of it")));
    await pass(0);
    expect([a.state.outcome, server.holder]).toEqual([a.state.leadership?.signal.reason, "z"]);
  });
});

describe("several replicas", () => {
  it("take over from one that is gone, 15 s after its last sign by their own clock", async () => {
    const server = new LeaseServer();
    // What the record says of time is of no consequence: this one is from the future.
    server.put({
      holderIdentity: "z",
      leaseDurationSeconds: 15,
      leaseTransitions: 4,
      renewTime: "2999-01-01T00:00:00.000000Z",
    });
    // They look when the lease runs out, which is not one of their turns.
    const a = replica(server, "a", { retryMs: 1_400 });
    await pass(14_999);
    expect(a.state.happened).toEqual([["holder", "z"]]);
    await pass(1);
    expect([a.leads(), server.lease?.spec["leaseTransitions"]]).toEqual([true, 5]);
  });

  it("wait for a server that does not answer when the lease runs out, and do not besiege it", async () => {
    const server = new LeaseServer();
    server.put({ holderIdentity: "z", leaseDurationSeconds: 15 });
    const a = replica(server, "a");
    await pass(14_000);
    a.state.link = "fails";
    await pass(6_000);
    // It runs out after 15 s, and from then on they ask once a second.
    expect(a.state.happened.slice(1)).toEqual(Array.from({ length: 6 }, () => ["failed", "refused"]));
    a.state.link = "works";
    await pass(1_000);
    expect(a.leads()).toBe(true);
  });

  it("wait as long as a holder is heard of, however old its clock says it is", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    for (let i = 0; i < 20; i++) {
      server.put({ holderIdentity: "z", leaseDurationSeconds: 15, renewTime: "2001-01-01T00:00:00.000000Z" });
      await pass(14_000);
    }
    expect([a.leads(), server.holder]).toEqual([false, "z"]);
  });

  it("take over at once from one that released", async () => {
    const server = new LeaseServer();
    const a = replica(server, "a");
    await pass(0);
    const b = replica(server, "b");
    await pass(10_000);
    expect([a.leads(), b.leads()]).toEqual([true, false]);
    a.finish();
    await pass(1_000);
    expect([a.leads(), b.leads(), server.holder]).toEqual([false, true, "b"]);
  });

  it("never lead two at a time, whatever happens to their links", async () => {
    const server = new LeaseServer();
    const links = ["works", "fails", "loses answers", "hangs"] as const;
    const replicas = ["a", "b", "c"].map((identity) => replica(server, identity));
    let led = 0;
    for (let step = 0; step < 3_000; step++) {
      // A fixed pattern without a period that the times here share.
      replicas.forEach(({ state }, index) => {
        state.link = links[Math.floor((step + index * 37) / (11 + index * 6)) % links.length] ?? "works";
      });
      await pass(500);
      const leaders = replicas.filter(({ leads }) => leads());
      expect(leaders.length).toBeLessThanOrEqual(1);
      led += leaders.length;
      // Whoever lost begins anew, as a restarted process does.
      for (const [index, each] of replicas.entries()) {
        if (each.state.leadership?.signal.aborted !== true) continue;
        each.finish();
        replicas[index] = replica(server, `${index}-${step}`);
      }
    }
    expect(led).toBeGreaterThan(300);
  });
});

it.each([{ leaseMs: 10_000 }, { renewDeadlineMs: 3_000 }, { retryMs: 0 }])(
  "refuses times that do not fit together: %j",
  async (times) => {
    const { state, result } = replica(new LeaseServer(), "a", times);
    await result;
    expect(state.outcome).toBeInstanceOf(RangeError);
  },
);
