import { setTimeout as delay } from "node:timers/promises";
import { type Answer, type Exit, WebhookProcess } from "../../support/webhook-process.js";
import { reviewsIn, reviewsOf, ReviewCounts } from "./review.js";

/** What replicas are started with, besides their port. */
export interface ReplicaSettings {
  /** One more than replicas run at most, so that a new one can start before an old one is gone. */
  readonly ports: readonly number[];
  readonly flags: readonly string[];
}

/** So that each decision has its line, by which those are counted that replicas make in the last moments of their lives. */
const env = { WEBHOOK_LOG_LEVEL: "debug" };

/** What a replica holds at one moment. */
export interface Holding {
  readonly rssBytes: number;
  readonly openFiles: number;
  readonly handles: number;
}

/** The replicas of a Deployment, on a fixed set of ports. */
export class Replicas implements AsyncDisposable {
  readonly #settings: ReplicaSettings;
  /** By port, the oldest first. */
  readonly #running = new Map<number, WebhookProcess>();
  /** What those decided that are gone. */
  readonly #past = new ReviewCounts();
  /** How those ended that were told to. */
  readonly exits: Exit[] = [];

  constructor(settings: ReplicaSettings) {
    this.#settings = settings;
  }

  /** Starts one more, and waits until it is ready. */
  async add(): Promise<void> {
    const { ports, flags } = this.#settings;
    const port = ports.find((candidate) => !this.#running.has(candidate));
    if (port === undefined) throw new Error("every port has its replica");
    const listen = ["--listen-addr", `127.0.0.1:${port}`];
    const replica = await WebhookProcess.start([...flags, ...listen], env);
    this.#running.set(port, replica);
    const isReady = ({ status }: Answer): boolean => status === 200;
    while (!isReady(await replica.call("/readyz", { method: "GET", headers: { connection: "close" } }))) {
      await delay(50);
    }
  }

  /** Ends the oldest as Kubernetes does, and waits until it is gone. */
  async removeOldest(): Promise<void> {
    const [oldest] = this.#running;
    if (oldest === undefined) throw new Error("there is no replica");
    const [port, replica] = oldest;
    replica.kill("SIGTERM");
    this.exits.push(await replica.exited());
    this.#past.addAll(reviewsOf(replica.log));
    this.#running.delete(port);
  }

  /** What all of them have decided: by their metrics, and by the logs of those that are gone. */
  async reviews(): Promise<ReviewCounts> {
    const all = new ReviewCounts();
    all.addAll(this.#past);
    for (const replica of this.#running.values()) all.addAll(reviewsIn(await replica.metrics()));
    return all;
  }

  /** What each of those that run holds, the oldest first. */
  async holdings(): Promise<readonly Holding[]> {
    return Promise.all(
      [...this.#running.values()].map(async (replica) => {
        const metrics = await replica.metrics();
        return {
          rssBytes: metrics.get("process_resident_memory_bytes") ?? 0,
          openFiles: metrics.get("process_open_fds") ?? 0,
          handles: metrics.get("nodejs_active_handles_total") ?? 0,
        };
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map((replica) => replica.stop()));
  }
}
