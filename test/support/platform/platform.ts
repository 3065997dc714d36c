import { openRegistry, type Registry } from "@cocoonstack/registry";
import { it } from "vitest";
import type { FaultRules, Faults } from "../../../packages/node/src/simulated/index.js";
import { RegistrySnapshots, type SnapshotStore } from "../../../packages/node/src/snapshots/index.js";
import type { ControlPlane } from "../../controlplane/index.js";
import { type RegistryServer, startRegistry } from "../../registry/start-registry.js";
import { admitOperator } from "../admit-operator.js";
import { installCrds } from "../crds.js";
import { Host, type RunningAgent, startScheduler } from "../node/agents.js";
import { OperatorProcess, type OperatorProcessOptions } from "../operator-process.js";
import { Contents } from "./contents.js";
import { Place } from "./place.js";

/** So long VMs take where a test does not say otherwise. */
const quick: Faults = { delayMs: { start: 50, save: 50 } };

const nodeName = "platform";
const prefix = "vms";

/** How the operator of a platform is started; nothing that matters to most tests. */
export type OperatorStart = Pick<OperatorProcessOptions, "args" | "env">;

/** Starts an operator with a registry, `http://127.0.0.1:PORT/PREFIX`. */
type Launch = (registryUrl: string, start: OperatorStart) => Promise<OperatorProcess>;

/** See {@link Platform.start}. */
export interface PlatformOptions extends OperatorStart {
  /**
   * Gives the URL by which the operator, and nobody else, reaches the registry of this URL.
   * @default the registry's own
   */
  readonly operatorsWay?: (url: string) => Promise<string>;
  /** Starts the operator. @default one that may do everything */
  readonly launch?: Launch;
}

/**
 * All parts of Cocoon on one control plane: the operator as it is built, a real registry, a node agent, and a stand-in for the
 * scheduler. The tests of a file share it, each in a {@link Place} of its own.
 */
export class Platform {
  readonly plane: ControlPlane;
  readonly contents: Contents;
  readonly snapshots: SnapshotStore;
  readonly pool = nodeName;
  readonly #parts: Parts;
  readonly #faults = new Map<string, FaultRules>();

  private constructor(plane: ControlPlane, parts: Parts) {
    this.plane = plane;
    this.#parts = parts;
    this.contents = parts.contents;
    this.snapshots = parts.snapshots;
  }

  static async start(plane: ControlPlane, options: PlatformOptions = {}): Promise<Platform> {
    const {
      operatorsWay = (url: string) => Promise.resolve(url),
      launch = freeOperator(plane),
      ...start
    } = options;
    const [server] = await Promise.all([startRegistry(), installCrds(plane)]);
    const registryUrl = `${await operatorsWay(server.url)}/${prefix}`;
    const credentials = (): Promise<{ readonly kind: "anonymous" }> => Promise.resolve({ kind: "anonymous" });
    const client = openRegistry({ url: server.url, prefix, ca: undefined, credentials });
    const snapshots = new RegistrySnapshots(client);
    const contents = new Contents(snapshots);
    const host = new Host(plane, nodeName, { base: { "*": quick }, snapshots, backend: contents.backend });
    const [agent, stopScheduler, operator] = await Promise.all([
      host.runAgent(),
      startScheduler(plane),
      launch(registryUrl, start),
    ]);
    await operator.works();
    return new Platform(plane, {
      registryUrl,
      launch,
      server,
      client,
      snapshots,
      contents,
      host,
      agent,
      stopScheduler,
      operator,
    });
  }

  /** The operator's process, the last one that was started. */
  get operator(): OperatorProcess {
    return this.#parts.operator;
  }

  /** Ends the operator as Kubernetes does, and starts it anew; the other tests of the file must be able to live with that. */
  async restartOperator(): Promise<void> {
    await this.operator.end();
    await this.startOperator();
  }

  /** Starts the operator anew, which has ended, and waits until it works. */
  async startOperator(start: OperatorStart = {}): Promise<void> {
    const { registryUrl, launch } = this.#parts;
    this.#parts.operator = await launch(registryUrl, start);
    await this.operator.works();
  }

  /** Makes steps of VMs of a namespace slow, or go wrong; `*` in names stands for any part of one. */
  setFaults(ns: string, rules: FaultRules): void {
    const own = Object.entries(rules).map(([pod, faults]) => [`vk-${ns}-${pod}`, faults] as const);
    this.#faults.set(ns, Object.fromEntries(own));
    this.#parts.host.faults.set(Object.assign({}, ...this.#faults.values()) as FaultRules);
  }

  async stop(): Promise<void> {
    const { agent, stopScheduler, client, server } = this.#parts;
    await this.operator.end();
    await agent.stop(true);
    await stopScheduler();
    await client.close();
    await server[Symbol.asyncDispose]();
  }
}

interface Parts {
  readonly registryUrl: string;
  readonly launch: Launch;
  readonly server: RegistryServer;
  readonly client: Registry;
  readonly snapshots: SnapshotStore;
  readonly contents: Contents;
  readonly host: Host;
  readonly agent: RunningAgent;
  readonly stopScheduler: () => Promise<void>;
  operator: OperatorProcess;
}

/** One that may do everything. */
const freeOperator =
  (plane: ControlPlane): Launch =>
  async (registryUrl, start) => {
    await admitOperator(plane);
    return OperatorProcess.start({ plane, registryUrl, as: "operator", ...start });
  };

let count = 0;

/** How long a scenario may take on a machine that does much else. */
const limitMs = 240_000;

type Play = (place: Place) => Promise<void>;

/** A test at a place of its own, beside the others of the file. At its end, no state of a VM may be lost that nobody gave up. */
export function scenario(name: string, platform: () => Platform, play: Play, timeoutMs = limitMs): void {
  it.concurrent(name, playing(name, platform, play), timeoutMs);
}

/** The same for one that has the platform to itself, because it harms what the others stand on. */
export function soleScenario(name: string, platform: () => Platform, play: Play): void {
  it(name, playing(name, platform, play), limitMs);
}

function playing(name: string, platform: () => Platform, play: Play): () => Promise<void> {
  const ns = `s${/^\d+/.exec(name)?.[0] ?? ""}-${process.pid}-${++count}`;
  return async () => {
    const place = await Place.open(platform(), ns);
    try {
      await play(place);
      await place.losesNothing();
    } catch (error) {
      // What is left of a scenario that failed is not its fault.
      await place.close().catch(() => undefined);
      throw error;
    }
    await place.close();
  };
}
