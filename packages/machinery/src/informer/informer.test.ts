import { RequestError } from "@cocoonstack/common/k8s";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Informer, type InformerOptions } from "./informer.js";
import type { KubeObject } from "./kube-object.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const object = (name: string, resourceVersion: string): KubeObject => ({
  metadata: { namespace: "shop", name, uid: `u-${name}`, resourceVersion },
});
const line = (type: string, content: object): string => `${JSON.stringify({ type, object: content })}\n`;
const bookmark = (resourceVersion: string): string => line("BOOKMARK", { metadata: { resourceVersion } });
const expired = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };

const list =
  (resourceVersion: string, ...items: readonly KubeObject[]) =>
  (): { json: unknown } => ({
    json: { metadata: { resourceVersion }, items },
  });
/** A watch that says this and then nothing more, until it is aborted. */
const hanging = Symbol("hanging");
const says =
  (...lines: readonly (string | typeof hanging)[]) =>
  (): { lines: typeof lines } => ({ lines });

interface Head {
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

/** What the server answers to the next requests, each once; the last one of each kind again and again. */
interface Script {
  readonly lists: (() => Head & { readonly json?: unknown })[];
  readonly watches: (() => Head & { readonly lines?: readonly (string | typeof hanging)[] })[];
  readonly options?: Partial<InformerOptions<KubeObject, never>>;
}

function informing(script: Script) {
  const asked: URLSearchParams[] = [];
  const told: string[] = [];
  const happened: unknown[] = [];
  const next = <T>(answers: T[]): T => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) throw new Error("the script has no answer");
    return answer;
  };
  const aborted = (signal: AbortSignal | undefined): Promise<never> =>
    new Promise((_resolve, reject) => {
      const onAbort = (): void => {
        reject(new RequestError("aborted", "aborted"));
      };
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener("abort", onAbort);
    });
  async function* chunksOf(lines: readonly (string | typeof hanging)[], signal: AbortSignal | undefined) {
    for (const each of lines) {
      if (each === hanging) await aborted(signal);
      else yield Buffer.from(each);
    }
  }
  const informer = new Informer<KubeObject>({
    connection: {
      request: ({ path }) => {
        asked.push(new URL(path, "http://api").searchParams);
        const { json, status = 200, headers = {} } = next(script.lists)();
        return Promise.resolve({ status, headers, body: Buffer.from(JSON.stringify(json ?? {})) });
      },
      stream: ({ path, signal }) => {
        asked.push(new URL(path, "http://api").searchParams);
        const { lines = [], status = 200, headers = {} } = next(script.watches)();
        return Promise.resolve({ status, headers, chunks: chunksOf(lines, signal) });
      },
    },
    collection: { path: "/api/v1/pods", labelSelector: "app=web" },
    transform: (each) => each,
    indexes: {},
    observer: {
      listed: ({ objects }) => happened.push(`listed ${objects}`),
      watchEnded: (end) => happened.push(end),
      failed: ({ error, failures, retryInMs }) => happened.push([error.message, failures, retryInMs]),
    },
    ...script.options,
  });
  const version = ({ metadata: { name, resourceVersion } }: KubeObject): string =>
    `${name}@${resourceVersion}`;
  informer.addHandler({
    add: (each) => told.push(`add ${version(each)}`),
    update: (each) => told.push(`update ${version(each)}`),
    delete: (each) => told.push(`delete ${version(each)}`),
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  /** Stops it, and sees that nothing stays behind. */
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
    expect(vi.getTimerCount()).toBe(0);
  };
  const watched = (): string[] =>
    asked.flatMap((query) => (query.has("watch") ? (query.get("resourceVersion") ?? "none") : []));
  return { informer, asked, told, happened, running, stop, end, watched };
}

describe("an informer", () => {
  it("lists in pages, watches from there, and tells of every change once", async () => {
    const { informer, asked, told, end } = informing({
      lists: [
        () => ({ json: { metadata: { resourceVersion: "5", continue: "more" }, items: [object("a", "1")] } }),
        list("5", object("b", "2")),
      ],
      watches: [
        says(
          line("ADDED", object("c", "6")) + line("MODIFIED", object("a", "7")).slice(0, 20),
          line("MODIFIED", object("a", "7")).slice(20) + line("DELETED", object("b", "8")),
          hanging,
        ),
      ],
    });
    expect(informer.hasSynced).toBe(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(["add a@1", "add b@2", "add c@6", "update a@7", "delete b@8"]);
    expect([informer.hasSynced, informer.size]).toEqual([true, 2]);
    expect(asked.map((query) => Object.fromEntries(query))).toEqual([
      { labelSelector: "app=web", limit: "500" },
      { labelSelector: "app=web", limit: "500", continue: "more" },
      {
        labelSelector: "app=web",
        watch: "true",
        allowWatchBookmarks: "true",
        resourceVersion: "5",
        timeoutSeconds: "300",
      },
    ]);
    await end();
  });

  it("asks for smaller pages where one is too long", async () => {
    const limits: (string | null)[] = [];
    const { asked, end, told } = informing({
      lists: [
        () => {
          throw new RequestError("too-large", "too large");
        },
        list("5", object("a", "1")),
      ],
      watches: [says(hanging)],
      options: { pageSize: 3 },
    });
    await vi.advanceTimersByTimeAsync(0);
    for (const query of asked) if (!query.has("watch")) limits.push(query.get("limit"));
    expect([limits, told]).toEqual([["3", "1"], ["add a@1"]]);
    await end();
  });

  it("resumes a watch that the server ends, from the last event or bookmark", async () => {
    const { watched, happened, end } = informing({
      lists: [list("5")],
      watches: [says(line("ADDED", object("a", "6"))), says(bookmark("9")), says(hanging)],
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(watched()).toEqual(["5", "6", "9"]);
    expect(happened).toEqual(["listed 0", "ended by the server", "ended by the server"]);
    await end();
  });

  it.each([
    ["in an event", says(line("ERROR", expired))],
    ["as its answer", () => ({ status: 410, lines: [JSON.stringify(expired)] })],
  ])("lists anew after a 410 %s, at once, and sees what was deleted meanwhile", async (_where, gone) => {
    const { told, happened, end } = informing({
      lists: [list("5", object("a", "1"), object("b", "2")), list("9", object("b", "2"), object("c", "8"))],
      watches: [gone, says(hanging)],
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(["add a@1", "add b@2", "delete a@1", "add c@8"]);
    expect(happened).toMatchObject(["listed 2", [expect.stringContaining("too old"), 1, 0], "listed 2"]);
    await end();
  });

  it("lists less and less often where every watch is answered 410", async () => {
    const { happened, end } = informing({ lists: [list("5")], watches: [says(line("ERROR", expired))] });
    await vi.advanceTimersByTimeAsync(60_000);
    const pauses = happened.flatMap((what) => (Array.isArray(what) ? [what[2] as number] : []));
    expect(pauses).toEqual([0, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000]);
    await end();
  });

  it("begins a silent watch anew from where it was, without a list", async () => {
    const { watched, happened, informer, end } = informing({
      lists: [list("5")],
      watches: [says(bookmark("7"), hanging)],
      options: { silenceMs: 60_000 },
    });
    await vi.advanceTimersByTimeAsync(59_999);
    expect([watched(), informer.silentForMs]).toEqual([["5"], 59_999]);
    await vi.advanceTimersByTimeAsync(1);
    expect([watched(), happened]).toEqual([
      ["5", "7"],
      ["listed 0", "silent"],
    ]);
    await end();
  });

  it("does not take a watch for silent that is heard now and then", async () => {
    async function* slowly(signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
      for (let i = 6; i < 20; i++) {
        yield Buffer.from(bookmark(String(i)));
        await new Promise((resolve) => setTimeout(resolve, 50_000));
        if (signal?.aborted === true) throw new RequestError("aborted", "aborted");
      }
    }
    const { informer, happened, stop, running } = informing({
      lists: [list("5")],
      watches: [says(hanging)],
      options: {
        silenceMs: 60_000,
        connection: {
          request: () =>
            Promise.resolve({
              status: 200,
              headers: {},
              body: Buffer.from(JSON.stringify(list("5")().json)),
            }),
          stream: ({ signal }) => Promise.resolve({ status: 200, headers: {}, chunks: slowly(signal) }),
        },
      },
    });
    await vi.advanceTimersByTimeAsync(500_000);
    expect([happened, informer.silentForMs]).toEqual([["listed 0"], 0]);
    stop.abort();
    await vi.advanceTimersByTimeAsync(400_000);
    await running;
  });

  it("waits longer and longer while the server fails, and as long as it asks for", async () => {
    const failing = (status: number, retryAfter?: string) => () => ({
      status,
      headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
    });
    const { happened, end } = informing({
      lists: [failing(500), failing(503), failing(429, "7"), list("5")],
      watches: [failing(429, "9"), says(bookmark("6")), failing(500), says(hanging)],
    });
    await vi.advanceTimersByTimeAsync(60_000);
    const pauses = happened.map((what) => (Array.isArray(what) ? what.slice(1) : what));
    // A list alone is no success: watches that are refused must not lead to lists without a pause.
    expect(pauses).toEqual([
      [1, 800],
      [2, 1_600],
      [3, 7_000],
      "listed 0",
      [4, 9_000],
      "ended by the server",
      [1, 800],
    ]);
    await end();
  });

  it("goes on looking for a server that is not there, so that it is not far behind when it is back", async () => {
    const { happened, end } = informing({
      lists: [list("5")],
      watches: [],
      options: {
        connection: {
          request: () => Promise.reject(new RequestError("connection", "refused")),
          stream: () => Promise.reject(new RequestError("connection", "refused")),
        },
      },
    });
    await vi.advanceTimersByTimeAsync(60_000);
    const pauses = happened.flatMap((what) => (Array.isArray(what) ? [what[2] as number] : []));
    expect(pauses).toEqual([800, ...Array.from({ length: pauses.length - 1 }, () => 1_600)]);
    expect(pauses.length).toBeGreaterThan(30);
    await end();
  });

  it("does not make a server that is back, and not ready yet, wait for how long it was away", async () => {
    const away = new RequestError("connection", "refused");
    const answers = [away, away, away, away, away, 503, 429, away, 403, 503, 503, 503];
    const { happened, end } = informing({
      lists: [],
      watches: [],
      options: {
        connection: {
          request: () => {
            const answer = answers.shift() ?? 503;
            return typeof answer === "number"
              ? Promise.resolve({ status: answer, headers: {}, body: Buffer.from("{}") })
              : Promise.reject(answer);
          },
          stream: () => Promise.reject(away),
        },
      },
    });
    await vi.advanceTimersByTimeAsync(30_000);
    const pauses = happened.flatMap((what) => (Array.isArray(what) ? [what[2] as number] : []));
    expect(pauses.slice(0, 11)).toEqual([
      ...[800, 1_600, 1_600, 1_600, 1_600],
      ...[800, 1_600],
      1_600,
      ...[800, 1_600, 3_200],
    ]);
    await end();
  });

  it("pauses where watches end at once and bring nothing", async () => {
    const { watched, end } = informing({ lists: [list("5")], watches: [says()] });
    await vi.advanceTimersByTimeAsync(800 + 1_600 + 3_200);
    expect(watched()).toHaveLength(4);
    await end();
  });

  it("ends with what a handler throws, even where the server fails at the same time", async () => {
    const { informer, running } = informing({
      lists: [list("5")],
      watches: [says(line("ADDED", object("a", "6")))],
    });
    const nothing = (): void => undefined;
    informer.addHandler({
      add: () => {
        throw new Error("a bug");
      },
      update: nothing,
      delete: nothing,
    });
    await expect(running).rejects.toThrow("a bug");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends where its connection has been closed", async () => {
    const { running } = informing({
      lists: [
        () => {
          throw new RequestError("closed", "the connection is closed");
        },
      ],
      watches: [],
    });
    await expect(running).rejects.toThrow("the connection is closed");
  });

  it.each([
    ["no JSON", "<html>\n"],
    ["an unknown event", line("SYNC", object("a", "1"))],
    ["an object without a name", line("ADDED", { metadata: { resourceVersion: "6" } })],
  ])("takes %s for a failure of the way to the server", async (_what, text) => {
    const { happened, end } = informing({ lists: [list("5")], watches: [says(text)] });
    await vi.advanceTimersByTimeAsync(0);
    expect(happened).toMatchObject(["listed 0", [expect.stringContaining("WATCH /api/v1/pods"), 1, 800]]);
    await end();
  });

  it("tells nothing after the stop", async () => {
    const { informer, told, stop, running } = informing({
      lists: [list("5")],
      watches: [says(line("ADDED", object("a", "6")) + line("ADDED", object("b", "7")))],
    });
    const nothing = (): void => undefined;
    informer.addHandler({
      add: () => {
        stop.abort();
      },
      update: nothing,
      delete: nothing,
    });
    await running;
    expect(told).toEqual(["add a@6"]);
  });

  it("says when it has synced, or that the wait was given up", async () => {
    const { informer, end } = informing({ lists: [list("5")], watches: [says(hanging)] });
    const patience = new AbortController();
    const givenUp = informer.whenSynced(patience.signal);
    patience.abort();
    expect(await givenUp).toBe(false);
    expect(await informer.whenSynced(new AbortController().signal)).toBe(true);
    await end();
  });

  it("runs once at a time", async () => {
    const { informer, end, stop } = informing({ lists: [list("5")], watches: [says(hanging)] });
    await expect(informer.run(stop.signal)).rejects.toThrow("the informer runs already");
    await end();
  });
});
