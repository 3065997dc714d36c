import { openRegistry } from "@cocoonstack/registry";
import type { FaultRules, Faults } from "../../../packages/node/src/simulated/index.js";
import { RegistrySnapshots, type SnapshotStore } from "../../../packages/node/src/snapshots/index.js";
import type { ControlPlane } from "../../controlplane/index.js";
import { startRegistry } from "../../registry/start-registry.js";
import { admitOperator } from "../admit-operator.js";
import { installCrds } from "../crds.js";
import { Host, startScheduler } from "../node/agents.js";
import { OperatorProcess, type OperatorProcessOptions } from "../operator-process.js";
import { Teardown } from "../teardown.js";
import { Contents } from "./contents.js";

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
export class Platform implements AsyncDisposable {
  readonly plane: ControlPlane;
  readonly contents: Contents;
  readonly snapshots: SnapshotStore;
  readonly pool = nodeName;
  readonly #host: Host;
  readonly #launch: (start?: OperatorStart) => Promise<OperatorProcess>;
  readonly #faults = new Map<string, FaultRules>();
  #operator: OperatorProcess | undefined;
  #teardown = new Teardown();

  private constructor({ plane, contents, snapshots, host, launch }: Parts) {
    this.plane = plane;
    this.contents = contents;
    this.snapshots = snapshots;
    this.#host = host;
    this.#launch = launch;
  }

  /** Starts all of it; where a part does not start, none of the others is left running. */
  static async start(plane: ControlPlane, options: PlatformOptions = {}): Promise<Platform> {
    const {
      operatorsWay = (url: string) => Promise.resolve(url),
      launch = freeOperator(plane),
      ...start
    } = options;
    await using teardown = new Teardown();
    const [server] = await Promise.all([teardown.use(startRegistry()), installCrds(plane)]);
    const registryUrl = `${await operatorsWay(server.url)}/${prefix}`;
    const credentials = (): Promise<{ readonly kind: "anonymous" }> => Promise.resolve({ kind: "anonymous" });
    const client = openRegistry({ url: server.url, prefix, ca: undefined, credentials });
    teardown.defer(() => client.close());
    const snapshots = new RegistrySnapshots(client);
    const contents = new Contents(snapshots);
    const host = new Host(plane, nodeName, { base: { "*": quick }, snapshots, backend: contents.backend });
    const platform = new Platform({
      ...{ plane, contents, snapshots, host },
      launch: (another) => launch(registryUrl, { ...start, ...another }),
    });
    await teardown.adopt(startScheduler(plane), (stopScheduler) => stopScheduler());
    await teardown.adopt(host.runAgent(), (agent) => agent.stop(true));
    teardown.defer(() => platform.#operator?.end());
    await platform.startOperator();
    platform.#teardown = teardown.move();
    return platform;
  }

  /** The operator's process, the last one that was started. */
  get operator(): OperatorProcess {
    if (this.#operator === undefined)
      throw new Error("the operator of the platform has not been started yet");
    return this.#operator;
  }

  /** Ends the operator as Kubernetes does, and starts it anew; the other tests of the file must be able to live with that. */
  async restartOperator(): Promise<void> {
    await this.operator.end();
    await this.startOperator();
  }

  /** Starts the operator anew, which has ended, as it was started before, and waits until it works. */
  async startOperator(): Promise<void> {
    this.#operator = await this.#launch();
    await this.#operator.works();
  }

  /** Starts one more process of the operator, which need not work; whoever asked for it ends it. */
  startReplica(start: OperatorStart): Promise<OperatorProcess> {
    return this.#launch(start);
  }

  /** Makes steps of VMs of a namespace slow, or go wrong; `*` in names stands for any part of one. */
  setFaults(ns: string, rules: FaultRules): void {
    const own = Object.entries(rules).map(([pod, faults]) => [`vk-${ns}-${pod}`, faults] as const);
    this.#faults.set(ns, Object.fromEntries(own));
    this.#host.faults.set(Object.assign({}, ...this.#faults.values()) as FaultRules);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#teardown[Symbol.asyncDispose]();
  }
}

interface Parts extends Pick<Platform, "plane" | "contents" | "snapshots"> {
  readonly host: Host;
  readonly launch: (start?: OperatorStart) => Promise<OperatorProcess>;
}

/** One that may do everything. */
const freeOperator =
  (plane: ControlPlane): Launch =>
  async (registryUrl, start) => {
    await admitOperator(plane);
    return OperatorProcess.start({ plane, registryUrl, as: "operator", ...start });
  };
