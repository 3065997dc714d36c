import {
  ApiError,
  apiErrorOf,
  type ApiResponse,
  type ClusterConnection,
  sleep,
} from "@cocoonstack/common/k8s";
import { eventName, type EventNote, type EventTarget, fittingMessage } from "./event.js";
import { RateLimit } from "./rate-limit.js";

/** What happens in a recorder, for metrics and the log. A hook must not throw. */
export interface EventRecorderObserver {
  /** The API server has it. */
  sent(note: EventNote): void;
  /** It is given up: too much about one object, too much at once, or the API server does not take it. */
  dropped(note: EventNote, why: "rate limit" | "full" | "refused" | "stopped", error?: unknown): void;
}

/** See {@link EventRecorder}. */
export interface EventRecorderOptions {
  readonly connection: Pick<ClusterConnection, "request">;
  /** Who speaks, such as `cocoon-operator`. */
  readonly component: string;
  /** Which of its replicas, such as the name of the pod. */
  readonly instance: string;
  /**
   * How many wait to be sent at most.
   * @default 1_000
   */
  readonly mostPending?: number;
  /**
   * How many about one object are sent at once; after that, one each `refillMs`.
   * @default 25
   */
  readonly burst?: number;
  /**
   * @default 60_000
   */
  readonly refillMs?: number;
  /**
   * How long {@link EventRecorder.run} goes on sending what is left after the stop.
   * @default 2_000
   */
  readonly flushMs?: number;
  readonly observer?: Partial<EventRecorderObserver>;
}

interface Pending {
  readonly target: EventTarget;
  readonly note: EventNote;
  readonly atMs: number;
}

/** An Event as the API server has it, as far as counting goes. */
interface KnownEvent {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly count: number;
}

/** Objects whose rate is remembered, and events whose count is. */
const mostKeys = 4_096;
const timeoutMs = 5_000;
/** A try that failed for no fault of the event's is repeated after these pauses, and then given up. */
const retriesMs = [500, 2_000];

/**
 * Tells of objects by Events (core/v1, which `kubectl describe` shows). {@link EventRecorder.emit} never waits and never throws: events
 * are sent one after the other by {@link EventRecorder.run}, and what is too much is dropped and counted. The same said again of the
 * same object, also by a process that was started anew, raises the count of the one Event that says it.
 *
 * @example
 * ```ts
 * const recorder = new EventRecorder({ connection, component: "cocoon-operator", instance: hostname() });
 * const running = recorder.run(signal);
 * recorder.emit(target, { type: "Normal", reason: "Running", message: "every agent is ready" });
 * await running;
 * ```
 */
export class EventRecorder {
  readonly #options: Required<Omit<EventRecorderOptions, "observer">>;
  readonly #observer: Partial<EventRecorderObserver>;
  readonly #limit: RateLimit;
  readonly #pending: Pending[] = [];
  /** Events that were sent, by name, so that saying one again takes one request. In the order in which they were last sent. */
  readonly #known = new Map<string, KnownEvent>();
  #wake: () => void = () => undefined;

  constructor({ observer = {}, ...options }: EventRecorderOptions) {
    this.#options = { mostPending: 1_000, burst: 25, refillMs: 60_000, flushMs: 2_000, ...options };
    this.#observer = observer;
    this.#limit = new RateLimit({ ...this.#options, mostKeys });
  }

  /** Has an event sent, soon. */
  emit(target: EventTarget, note: EventNote): void {
    const fitting = { ...note, message: fittingMessage(note.message) };
    if (this.#pending.length >= this.#options.mostPending) this.#observer.dropped?.(fitting, "full");
    else if (!this.#limit.take(target.uid, performance.now())) {
      this.#observer.dropped?.(fitting, "rate limit");
    } else {
      this.#pending.push({ target, note: fitting, atMs: Date.now() });
      this.#wake();
    }
  }

  /** Sends until `signal` is aborted, and then what is left, for a moment. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const stop = (): void => {
      this.#wake();
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) await this.#sendAll(signal);
      const timer = setTimeout(() => {
        ended.abort();
      }, this.#options.flushMs);
      await this.#drain(ended.signal);
      clearTimeout(timer);
    } finally {
      signal.removeEventListener("abort", stop);
      for (const { note } of this.#pending.splice(0)) this.#observer.dropped?.(note, "stopped");
    }
  }

  /** Sends what there is, then waits for more. */
  async #sendAll(signal: AbortSignal): Promise<void> {
    await this.#drain(signal);
    if (this.#pending.length > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  async #drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = this.#pending.shift();
      if (next === undefined) return;
      await this.#deliver(next, signal);
    }
  }

  async #deliver(pending: Pending, signal: AbortSignal): Promise<void> {
    for (const pauseMs of [0, ...retriesMs]) {
      if (pauseMs > 0 && !(await sleep(pauseMs, signal))) break;
      try {
        await this.#send(pending);
        this.#observer.sent?.(pending.note);
        return;
      } catch (error) {
        if (pauseMs === retriesMs.at(-1) || isFinal(error)) {
          this.#observer.dropped?.(pending.note, "refused", error);
          return;
        }
      }
    }
    // Stopped between two tries: the rest of the time may be enough for one more.
    this.#pending.unshift(pending);
  }

  async #send({ target, note, atMs }: Pending): Promise<void> {
    const name = eventName(target, note);
    const path = `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/events`;
    const at = new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
    const known = this.#known.get(name);
    if (known !== undefined && (await this.#raise(`${path}/${name}`, known, at))) return;
    const created = await this.#request("POST", path, this.#event(name, target, note, at));
    if (created.status !== 409) {
      this.#remember(created);
      return;
    }
    const read = await this.#request("GET", `${path}/${name}`);
    const isRaised = read.status !== 404 && (await this.#raise(`${path}/${name}`, eventOf(read), at));
    // It has run out just now, or somebody else was quicker: the next try looks again.
    if (!isRaised) throw new ApiError(409, `Event ${name} has changed`);
  }

  /** Counts what is said again. Gives whether it was still the Event that is known. */
  async #raise(path: string, known: KnownEvent, at: string): Promise<boolean> {
    const { name, resourceVersion } = known.metadata;
    this.#known.delete(name);
    const patch = { metadata: { resourceVersion }, count: known.count + 1, lastTimestamp: at };
    const raised = await this.#request("PATCH", path, patch);
    if (raised.status > 299) return false;
    this.#remember(raised);
    return true;
  }

  #remember(answer: ApiResponse): void {
    const event = eventOf(answer);
    this.#known.set(event.metadata.name, event);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKeys && oldest !== undefined) this.#known.delete(oldest);
  }

  #event(name: string, target: EventTarget, note: EventNote, at: string): object {
    const { component, instance } = this.#options;
    const { apiVersion, kind, namespace, name: objectName, uid } = target;
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: { namespace, name },
      involvedObject: { apiVersion, kind, namespace, name: objectName, uid },
      ...note,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component },
      reportingComponent: component,
      reportingInstance: instance,
    };
  }

  async #request(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<ApiResponse> {
    const response = await this.#options.connection.request({
      method,
      path,
      body: body && JSON.stringify(body),
      ...(method === "PATCH" && { contentType: "application/merge-patch+json" }),
      timeoutMs,
    });
    if (response.status < 300 || expected[method].includes(response.status)) return response;
    throw apiErrorOf(`${method} ${path}`, response);
  }
}

/** What is no success, and no failure either: the Event is there already, is not there, or has changed. */
const expected: Readonly<Record<"POST" | "GET" | "PATCH", readonly number[]>> = {
  POST: [409],
  GET: [404],
  PATCH: [404, 409],
};

function eventOf({ body }: ApiResponse): KnownEvent {
  const { metadata, count = 1 } = JSON.parse(body.toString("utf8")) as Omit<KnownEvent, "count"> & {
    readonly count?: number;
  };
  const { name, resourceVersion } = metadata;
  return { metadata: { name, resourceVersion }, count };
}

/** What the API server will not take at the next try either, such as an event in a namespace that is about to go. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.status >= 400 &&
  error.status < 500 &&
  ![404, 409, 429].includes(error.status);
