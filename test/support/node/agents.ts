import { setup } from "@cocoonstack/common/log";
import { Agent } from "../../../packages/node/src/agent/index.js";
import {
  FaultBoard,
  type FaultRules,
  SimulatedBackend,
  type SimulatedBackendOptions,
} from "../../../packages/node/src/simulated/index.js";
import { MemorySnapshots, type SnapshotStore } from "../../../packages/node/src/snapshots/index.js";
import type { ControlPlane } from "../../controlplane/index.js";
import { connectTo } from "../connect-to.js";
import { StandInScheduler, type SchedulerOptions } from "./scheduler.js";

/** Starts a stand-in scheduler. Gives what stops it. */
export async function startScheduler(
  plane: ControlPlane,
  options: Omit<SchedulerOptions, "connection"> = {},
): Promise<() => Promise<void>> {
  const connection = await connectTo(plane);
  const stop = new AbortController();
  const running = new StandInScheduler({ connection, ...options }).run(stop.signal);
  return async () => {
    stop.abort();
    await running;
    await connection.close();
  };
}

/** See {@link Host}. */
export interface HostOptions {
  readonly faults?: FaultRules;
  /** Rules below all others, also those that come later. */
  readonly base?: FaultRules;
  readonly snapshots?: SnapshotStore;
  /** Makes the backend. @default a SimulatedBackend */
  readonly backend?: (options: SimulatedBackendOptions) => SimulatedBackend;
}

const plainBackend = (options: SimulatedBackendOptions): SimulatedBackend => new SimulatedBackend(options);

/** A host with a simulated backend, whose agents may come and go. */
export class Host {
  readonly faults: FaultBoard;
  readonly snapshots: SnapshotStore;
  readonly backend: SimulatedBackend;
  readonly #plane: ControlPlane;
  readonly #name: string;

  constructor(
    plane: ControlPlane,
    name: string,
    { faults = {}, base, snapshots = new MemorySnapshots(), backend = plainBackend }: HostOptions = {},
  ) {
    this.#plane = plane;
    this.#name = name;
    this.faults = new FaultBoard(base);
    this.faults.set(faults);
    this.snapshots = snapshots;
    this.backend = backend({ host: name, snapshots, faults: this.faults });
  }

  /** Starts an agent, which whoever asked for it stops. */
  async runAgent(pool = this.#name): Promise<RunningAgent> {
    const connection = await connectTo(this.#plane);
    const stop = new AbortController();
    const lines: string[] = [];
    const agent = new Agent({
      connection,
      node: { name: this.#name, pool, pods: 256, version: "test" },
      backend: this.backend,
      interference: this.faults,
      log: setup("LEVEL", {
        env: { LEVEL: "debug" },
        destination: { write: (line) => void lines.push(line) },
      }),
    });
    const ended = agent.run(stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    const close = async (removesNode = false): Promise<unknown> => {
      stop.abort();
      const reason = await ended;
      if (removesNode) await agent.removeNode();
      await connection.close();
      return reason;
    };
    return { stop: close, ended, lines };
  }
}

/** An agent in this process. */
export interface RunningAgent {
  /** Stops it, and gives why it had ended before, where it had. */
  readonly stop: (removesNode?: boolean) => Promise<unknown>;
  /** Resolves at its end: with nothing after a stop, else with the error. */
  readonly ended: Promise<unknown>;
  /** What it logged. */
  readonly lines: readonly string[];
}
