import type { Logger } from "@cocoonstack/common/log";
import type { EventRecorder } from "@cocoonstack/machinery/events";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { LeaseLostError } from "@cocoonstack/machinery/leader";
import { type QueueObserver, WorkQueue } from "@cocoonstack/machinery/queue";
import { Actor, type Acting, ClusterWriter, DryActor, type TagRegistry, thingOf } from "../act/index.js";
import { Controller, type ControllerObserver, Observer, StaleRoundError } from "../control/index.js";
import {
  type ClusterCache,
  keyText,
  parseKey,
  storedHibernation,
  storedSet,
  type WorkKey,
} from "../observe/index.js";
import type { OperatorMetrics } from "./metrics.js";

/** What a term needs. */
export interface TermOptions {
  readonly connection: Pick<ClusterConnection, "request">;
  readonly cache: ClusterCache;
  readonly registry: TagRegistry;
  readonly recorder: Pick<EventRecorder, "emit">;
  readonly metrics: OperatorMetrics;
  readonly log: Logger;
  readonly concurrency: number;
  readonly isDryRun: boolean;
  /** Aborted when the work has to end. */
  readonly signal: AbortSignal;
  /** Whether this process may write at this moment. */
  readonly holds: () => boolean;
}

/** What failed is tried again at least so often. */
const maxRetryMs = 60_000;

/** What is under way when the work has to end may take so long to come to its own end. */
const patienceMs = 12_000;

/** The same where the lease was lost: a second later, another may lead, and two should not write. */
const lostPatienceMs = 4_000;

/** From the beginning of the work to its end: for a leader, as long as it leads. */
export class Term {
  readonly #options: TermOptions;
  readonly #queue: WorkQueue;
  readonly #controller: Controller;
  readonly #observer: Observer;
  /** In place of one that acts. */
  readonly #dryActor: DryActor | undefined;
  /** Ends what is under way, some time after the work has to end. */
  readonly #end = new AbortController();
  #isWorking = false;

  constructor(options: TermOptions) {
    this.#options = options;
    const { connection, cache, registry, concurrency } = options;
    this.#dryActor = options.isDryRun ? new DryActor(options.log) : undefined;
    const writer = new ClusterWriter(connection, this.#end.signal);
    this.#observer = new Observer(cache, writer);
    this.#controller = new Controller({
      observer: this.#observer,
      registry,
      actor: this.#dryActor ?? this.#actor(writer),
      enqueue: (key, afterMs) => {
        this.#queue.addAfter(keyText(key), afterMs);
      },
      hooks: this.#hooks(),
      signal: options.signal,
    });
    this.#queue = new WorkQueue({
      work: (key) => this.#controller.work(key),
      workers: concurrency,
      maxRetryMs,
      observer: queueObserver(options),
    });
  }

  /** Whether keys are being worked. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  get state(): WorkQueue["state"] {
    return this.#queue.state;
  }

  enqueue(key: WorkKey): void {
    this.#controller.changed(key);
    this.#queue.add(keyText(key));
  }

  forget(key: WorkKey): void {
    this.#observer.forget(key);
  }

  /** Works until the signal is aborted and everything that is under way has ended. */
  async run(): Promise<void> {
    const { cache, signal } = this.#options;
    for (const key of cache.keys()) this.enqueue(key);
    const stop = (): void => {
      setTimeout(
        () => {
          this.#end.abort();
        },
        signal.reason instanceof LeaseLostError ? lostPatienceMs : patienceMs,
      ).unref();
    };
    signal.addEventListener("abort", stop, { once: true });
    this.#isWorking = true;
    try {
      await this.#queue.run(signal);
      await this.#controller.ended();
    } finally {
      this.#isWorking = false;
      signal.removeEventListener("abort", stop);
      this.#end.abort();
    }
  }

  #actor(writer: ClusterWriter): Acting {
    const { registry, cache, holds } = this.#options;
    const { pods, sets, hibernations } = cache.written;
    return new Actor({
      writer,
      registry,
      holds,
      signal: this.#end.signal,
      onPod: (pod) => {
        pods.put(pod);
      },
      onPodGone: (pod) => {
        pods.gone(pod);
      },
      onOwner: (object, kind) => {
        if (kind === "CocoonSet") sets.wrote(storedSet(object));
        else hibernations.wrote(storedHibernation(object));
      },
    });
  }

  #hooks(): ControllerObserver {
    const { metrics, recorder, log, isDryRun } = this.#options;
    return {
      observed: (key, subjects) => {
        this.#dryActor?.begins(key, subjects);
      },
      acted: ({ ref: { kind, namespace, name } }, act, outcome) => {
        metrics.acted(act, outcome);
        const fields = { kind, namespace, name, action: act.kind, on: thingOf(act) };
        if (outcome.kind === "done") log.info(fields, "done");
        if (outcome.kind === "stale") log.debug({ ...fields, why: outcome.why }, "planned anew");
        if (outcome.kind === "failed") log.warn({ ...fields, fault: outcome.error.message }, "failed");
      },
      statusWritten: (subject, status) => {
        metrics.statusWritten(subject, status);
      },
      event: (target, { type, reason, message }, subject) => {
        if (isDryRun) return;
        metrics.told({ type, reason, message }, subject);
        recorder.emit(target, { type, reason, message });
      },
    };
  }
}

const queueObserver = ({ metrics, log }: TermOptions): Partial<QueueObserver> => ({
  started: (_key, waitedMs) => {
    metrics.waited(waitedMs);
  },
  finished: (key, tookMs) => {
    metrics.passed(parseKey(key).kind, tookMs);
  },
  failed: (key, { error, failures, retryInMs }) => {
    const isStale = error instanceof StaleRoundError;
    metrics.retried(isStale ? "stale" : "failed");
    const fault = error instanceof Error ? error.message : String(error);
    if (isStale) log.debug({ on: key, fault, retryInMs }, "planned anew");
    else log.warn({ on: key, fault, failures, retryInMs }, "tried again");
  },
});
