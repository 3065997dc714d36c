import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ScriptedConnection, type ScriptedAnswer } from "../../../../test/support/scripted-connection.js";
import { EventRecorder, type EventRecorderOptions } from "./event-recorder.js";
import { eventName, fittingMessage, type EventNote, type EventTarget } from "./event.js";

const target: EventTarget = {
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonSet",
  namespace: "shop",
  name: "demo",
  uid: "uid-1",
};
const note: EventNote = { type: "Normal", reason: "Running", message: "every agent is ready" };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Stored {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly count: number;
  readonly message: string;
}

/** An API server that keeps Events by name. */
class Events {
  readonly stored = new Map<string, Stored>();
  /** What it answers instead of doing it. */
  refusal: ScriptedAnswer | undefined;
  #versions = 0;

  answer(method: string, path: string, body: string): ScriptedAnswer {
    if (this.refusal !== undefined) return this.refusal;
    const json = JSON.parse(body) as Stored;
    if (method === "POST") return this.#create(json);
    const known = this.stored.get(path.split("/").at(-1) ?? "");
    if (known === undefined) return { status: 404 };
    return method === "PATCH" ? this.#change(known, json) : { status: 200, body: known };
  }

  #create(event: Stored): ScriptedAnswer {
    return this.stored.has(event.metadata.name) ? { status: 409 } : this.#store(201, event);
  }

  #change(known: Stored, { metadata, count }: Stored): ScriptedAnswer {
    if (metadata.resourceVersion !== known.metadata.resourceVersion) return { status: 409 };
    return this.#store(200, { ...known, count });
  }

  #store(status: number, event: Stored): ScriptedAnswer {
    const { name } = event.metadata;
    const body = { ...event, metadata: { name, resourceVersion: String(++this.#versions) } };
    this.stored.set(name, body);
    return { status, body };
  }
}

function recorderOf(
  events: Events,
  options: Partial<EventRecorderOptions> = {},
): {
  readonly recorder: EventRecorder;
  readonly dropped: string[];
  readonly connection: ScriptedConnection;
  readonly stop: () => Promise<void>;
} {
  const connection = new ScriptedConnection(({ method = "GET", path, body = "{}" }) =>
    events.answer(method, path, body),
  );
  const dropped: string[] = [];
  const recorder = new EventRecorder({
    connection,
    component: "demo-operator",
    instance: "demo-operator-1",
    observer: { dropped: ({ reason }, why) => dropped.push(`${reason}: ${why}`) },
    ...options,
  });
  const controller = new AbortController();
  const running = recorder.run(controller.signal);
  const stop = async (): Promise<void> => {
    controller.abort();
    await vi.runAllTimersAsync();
    await running;
  };
  return { recorder, dropped, connection, stop };
}

describe("an event recorder", () => {
  it("sends what it is told, with the object and who speaks", async () => {
    const events = new Events();
    const { recorder, connection, stop } = recorderOf(events);
    recorder.emit(target, note);
    await vi.runAllTimersAsync();
    const [request] = connection.requests;
    expect(request?.path).toBe("/api/v1/namespaces/shop/events");
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      ...note,
      metadata: { namespace: "shop", name: eventName(target, note) },
      involvedObject: { kind: "CocoonSet", name: "demo", uid: "uid-1" },
      count: 1,
      reportingComponent: "demo-operator",
    });
    await stop();
  });

  it("counts what is said again, also by another process", async () => {
    const events = new Events();
    for (const { recorder, stop } of [recorderOf(events), recorderOf(events)]) {
      recorder.emit(target, note);
      await stop();
    }
    expect([...events.stored.values()]).toMatchObject([{ count: 2, message: note.message }]);
  });

  it("takes one request to say again what it has said itself", async () => {
    const events = new Events();
    const { recorder, connection, stop } = recorderOf(events);
    for (let times = 0; times < 3; times++) recorder.emit(target, note);
    await stop();
    expect(connection.requests.map(({ method }) => method)).toEqual(["POST", "PATCH", "PATCH"]);
    expect([...events.stored.values()]).toMatchObject([{ count: 3 }]);
  });

  it("counts on from what others have said meanwhile, and begins anew where it has run out", async () => {
    const events = new Events();
    const [first, second] = [recorderOf(events), recorderOf(events)];
    for (const { recorder } of [first, second, first]) {
      recorder.emit(target, note);
      await vi.runAllTimersAsync();
    }
    expect([...events.stored.values()]).toMatchObject([{ count: 3 }]);
    events.stored.clear();
    first.recorder.emit(target, note);
    await Promise.all([first.stop(), second.stop()]);
    expect([...events.stored.values()]).toMatchObject([{ count: 1 }]);
  });

  it("keeps what differs apart", async () => {
    const events = new Events();
    const { recorder, stop } = recorderOf(events);
    recorder.emit(target, note);
    recorder.emit(target, { ...note, message: "other" });
    recorder.emit({ ...target, uid: "uid-2" }, note);
    await stop();
    expect([...events.stored.values()].map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it("does not let one object speak without end", async () => {
    const events = new Events();
    const { recorder, dropped, stop } = recorderOf(events, { burst: 2, refillMs: 1_000 });
    for (const reason of ["A", "B", "C"]) recorder.emit(target, { ...note, reason });
    recorder.emit({ ...target, uid: "uid-2" }, { ...note, reason: "D" });
    expect(dropped).toEqual(["C: rate limit"]);
    await vi.advanceTimersByTimeAsync(1_000);
    recorder.emit(target, { ...note, reason: "E" });
    expect(dropped).toHaveLength(1);
    await stop();
    expect(events.stored.size).toBe(4);
  });

  it("holds no more than it may, and does not wait for a server that is silent", async () => {
    const events = new Events();
    events.refusal = "no answer";
    const { recorder, dropped, stop } = recorderOf(events, { mostPending: 2 });
    for (const reason of ["A", "B", "C", "D"]) recorder.emit({ ...target, uid: reason }, { ...note, reason });
    expect(dropped).toEqual(["C: full", "D: full"]);
    await stop();
    expect(dropped.slice(2).sort()).toEqual(["A: stopped", "B: stopped"]);
  });

  it("repeats what failed by chance, and gives up what is refused", async () => {
    const events = new Events();
    const { recorder, dropped, connection, stop } = recorderOf(events);
    events.refusal = { status: 500 };
    recorder.emit(target, note);
    await vi.advanceTimersByTimeAsync(100);
    events.refusal = undefined;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.stored.size).toBe(1);
    events.refusal = { status: 403 };
    const before = connection.requests.length;
    recorder.emit(target, { ...note, reason: "B" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.requests.length - before).toBe(1);
    expect(dropped).toEqual(["B: refused"]);
    await stop();
  });
});

describe("fittingMessage", () => {
  it("cuts what the API server does not take, and no character in the middle", () => {
    expect(fittingMessage("short")).toBe("short");
    const cut = fittingMessage("é".repeat(1_000));
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1_024);
    expect(cut).toMatch(/^é+…$/);
  });
});

describe("eventName", () => {
  it("is a name that objects can have", () => {
    const name = eventName({ ...target, name: "a".repeat(253) }, note);
    expect(name).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
    expect(name.length).toBeLessThanOrEqual(253);
  });
});
