import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type ListenAddress, run } from "@cocoonstack/common/httpx";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import type { Logger } from "@cocoonstack/common/log";
import { EventRecorder } from "@cocoonstack/machinery/events";
import type { InformerObserver } from "@cocoonstack/machinery/informer";
import { runAsLeader } from "@cocoonstack/machinery/leader";
import type { BuildInfo } from "@cocoonstack/program/command-line";
import { metricsServer, processMetrics, type ReadinessCheck } from "@cocoonstack/program/endpoints";
import { Registry } from "prom-client";
import type { TagRegistry } from "../act/index.js";
import type { Config } from "../config/index.js";
import { ClusterCache, type Followed, type WorkKey } from "../observe/index.js";
import { OperatorMetrics, type RegistryCall } from "./metrics.js";
import { probeServer } from "./probe-server.js";
import { Term, type TermOptions } from "./term.js";

/** What a running operator is made of. */
export interface OperatorOptions {
  readonly config: Pick<Config, "metricsAddr" | "probeAddr" | "leaderElect" | "concurrency">;
  /** Namespace of the Lease. */
  readonly leaseNamespace: string;
  readonly isDryRun: boolean;
  readonly connection: ClusterConnection;
  /** Opens the registry. Its calls are told to `onCall`. */
  readonly registry: (onCall: (call: RegistryCall) => void) => OpenRegistry;
  readonly log: Logger;
  readonly build: BuildInfo;
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  /** Called once, when both servers listen. */
  readonly onListening: (addresses: {
    readonly metrics: ListenAddress;
    readonly probes: ListenAddress;
  }) => void;
}

/** A registry with open connections. */
export interface OpenRegistry extends TagRegistry {
  close(): Promise<void>;
}

/** The name that the reference operator's Lease has as well: the two never work at the same time. */
const leaseName = "cocoon-operator.cocoonset.cocoonstack.io";

/** How long a scrape that is under way may take once everything else has ended. */
const shutdownTimeoutMs = 3_000;

/**
 * Runs the operator until the signal is given: nothing new is begun then, what is under way is ended, the lease is released, and the
 * servers go last. That takes less than 30 s.
 *
 * @throws {AggregateError} of all that went wrong, such as a lease that was lost or an address that cannot be listened on.
 */
export async function runOperator(options: OperatorOptions): Promise<void> {
  const operator = new Operator(options);
  await operator.run();
}

class Operator {
  readonly #options: OperatorOptions;
  readonly #connection: ClusterConnection;
  readonly #metrics: OperatorMetrics;
  readonly #registry = new Registry();
  readonly #cache: ClusterCache;
  readonly #recorder: EventRecorder;
  readonly #tags: OpenRegistry;
  /** The instance in the Lease and in events. */
  readonly #identity = `${hostname()}_${randomUUID()}`;
  readonly #working = new AbortController();
  /** What the work stands on ends after it. */
  readonly #standing = new AbortController();
  #term: Term | undefined;

  constructor(options: OperatorOptions) {
    this.#options = options;
    processMetrics(this.#registry, "cocoon_operator", options.build);
    this.#metrics = new OperatorMetrics(this.#registry);
    this.#connection = this.#metrics.counted(options.connection);
    this.#tags = options.registry((call) => {
      this.#metrics.registryCalled(call);
    });
    this.#cache = new ClusterCache({
      connection: this.#connection,
      onChange: (key) => {
        this.#term?.enqueue(key);
      },
      onSetGone: (set) => {
        this.#metrics.forget(set);
        const { namespace, name } = set.metadata;
        this.#term?.forget({ kind: "set", namespace, name } satisfies WorkKey);
      },
      observer: (followed) => this.#informerLog(followed),
    });
    this.#metrics.follow(this.#cache, () => this.#term?.state ?? { depth: 0, delayed: 0, longestPassMs: 0 });
    this.#recorder = new EventRecorder({
      connection: this.#connection,
      component: "cocoon-operator",
      instance: hostname(),
      observer: {
        sent: () => {
          this.#metrics.event("sent");
        },
        dropped: (note, why, error) => {
          this.#metrics.event(why);
          options.log.warn({ ...note, why, err: error }, "an event was dropped");
        },
      },
    });
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const stop = (): void => {
      this.#working.abort();
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const standing = this.#standing.signal;
    const work = this.#guarded(() => this.#work()).finally(() => {
      this.#standing.abort();
    });
    const ended = await Promise.allSettled([
      work,
      this.#guarded(() => this.#cache.run(standing)),
      this.#guarded(() => this.#recorder.run(standing)),
      this.#guarded(() => this.#serve(standing)),
    ]);
    signal.removeEventListener("abort", stop);
    await this.#tags.close();
    const errors = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    if (errors.length > 0) throw new AggregateError(errors);
  }

  /** Where one part fails, all of them come to their end, in order. */
  async #guarded(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.#working.abort();
      throw error;
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#working;
    const { log, config, isDryRun } = this.#options;
    if (!(await this.#cache.whenSynced(signal))) return;
    const { cocoonsets, pods } = this.#cache.state;
    log.info({ cocoonsets: cocoonsets.size, pods: pods.size }, "everything is listed");
    if (isDryRun || !config.leaderElect) {
      await this.#lead({ signal, holds: () => !signal.aborted });
      return;
    }
    const election = {
      connection: this.#connection,
      namespace: this.#options.leaseNamespace,
      name: leaseName,
      identity: this.#identity,
      observer: {
        holder: (holder: string | undefined) => {
          if (holder !== this.#identity) log.info({ holder }, "waiting for the lease");
        },
        failed: (error: unknown) => {
          log.warn({ err: error }, "the lease could not be read or written");
        },
      },
    };
    await runAsLeader(election, signal, (leadership) => this.#lead(leadership));
  }

  async #lead(leadership: Pick<TermOptions, "signal" | "holds">): Promise<void> {
    const { log, config, isDryRun } = this.#options;
    const term = new Term({
      ...leadership,
      connection: this.#connection,
      cache: this.#cache,
      registry: this.#tags,
      recorder: this.#recorder,
      metrics: this.#metrics,
      log,
      concurrency: config.concurrency,
      isDryRun,
    });
    this.#term = term;
    this.#metrics.leads(true);
    log.info({ identity: this.#identity }, isDryRun ? "saying what would be done" : "working");
    try {
      await term.run();
    } finally {
      this.#metrics.leads(false);
      this.#term = undefined;
    }
  }

  async #serve(signal: AbortSignal): Promise<void> {
    const { config, log } = this.#options;
    const servers = [
      metricsServer(config.metricsAddr, this.#registry, log),
      probeServer(config.probeAddr, this.#checks()),
    ];
    await run(servers, {
      signal,
      shutdownTimeoutMs,
      onReady: ([metrics, probes]) => {
        if (metrics !== undefined && probes !== undefined) this.#options.onListening({ metrics, probes });
      },
    });
  }

  #checks(): readonly ReadinessCheck[] {
    return [
      {
        name: "caches",
        fault: () => (this.#cache.hasSynced ? undefined : "not everything has been listed yet"),
      },
      {
        name: "workers",
        fault: () =>
          this.#term === undefined || this.#term.isWorking ? undefined : "leads, and does not work",
      },
      {
        name: "serving",
        fault: () => (this.#working.signal.aborted ? "the operator is stopping" : undefined),
      },
    ];
  }

  #informerLog(resource: Followed): Partial<InformerObserver> {
    const { log } = this.#options;
    return {
      listed: ({ objects, tookMs }) => {
        log.debug({ resource, objects, tookMs: Math.round(tookMs) }, "listed");
      },
      failed: ({ error, failures, retryInMs }) => {
        log.warn(
          { resource, fault: error.message, failures, retryInMs: Math.round(retryInMs) },
          "the API server could not be followed",
        );
      },
    };
  }
}
