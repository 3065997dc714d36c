import { type Answer, type Exit, WebhookProcess } from "../webhook-process.js";

/** What replicas are started with, besides their port. */
export interface ReplicaSettings {
  /** One more than replicas run at most, so that a new one can start before an old one is gone. */
  readonly ports: readonly number[];
  readonly flags: readonly string[];
}

/** The replicas of a Deployment, on a fixed set of ports. */
export class Replicas implements AsyncDisposable {
  readonly #settings: ReplicaSettings;
  /** By port, the oldest first. */
  readonly #running = new Map<number, WebhookProcess>();
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
    const replica = await WebhookProcess.start([...flags, ...listen]);
    this.#running.set(port, replica);
    const isReady = ({ status }: Answer): boolean => status === 200;
    while (!isReady(await replica.call("/readyz", { method: "GET", headers: { connection: "close" } }))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the oldest as Kubernetes does, and waits until it is gone. */
  async removeOldest(): Promise<void> {
    const [oldest] = this.#running;
    if (oldest === undefined) throw new Error("there is no replica");
    const [port, replica] = oldest;
    replica.kill("SIGTERM");
    this.exits.push(await replica.exited());
    this.#running.delete(port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map((replica) => replica.stop()));
  }
}
