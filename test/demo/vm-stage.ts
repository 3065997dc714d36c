import { openRegistry, type Registry } from "@cocoonstack/registry";
import type { SimulatedBackend } from "../../packages/node/src/simulated/index.js";
import { type Content, RegistrySnapshots } from "../../packages/node/src/snapshots/index.js";
import type { ControlPlane } from "../controlplane/index.js";
import { startRegistry } from "../registry/start-registry.js";
import { patienceMs, until } from "../support/eventually.js";
import { Host, startScheduler } from "../support/node/agents.js";
import { grantOperator, operatorNamespace } from "../support/grant-operator.js";
import { OperatorProcess } from "../support/operator-process.js";
import { Teardown } from "../support/teardown.js";

const prefix = "vms";
const nodeName = "node-a";

/** Long enough to be seen, and no longer. */
const times = { "*": { delayMs: { start: 300, save: 300 } } };

/** How often somebody writes who works. */
const writes = 3;

/** What VMs need besides an API server: a registry, a node, something that binds pods to it, and the operator. */
export class VMStage implements AsyncDisposable {
  /** Where the registry has the repositories of VMs: `http://127.0.0.1:PORT/v2/vms`. */
  readonly registryUrl: string;
  readonly operatorMetricsPort: number;
  readonly #registry: Registry;
  readonly #backend: SimulatedBackend;
  readonly #teardown: Teardown;
  #worked = "";

  private constructor({ registryUrl, operatorMetricsPort, registry, backend, teardown }: Parts) {
    this.registryUrl = registryUrl;
    this.operatorMetricsPort = operatorMetricsPort;
    this.#registry = registry;
    this.#backend = backend;
    this.#teardown = teardown;
  }

  /** Starts all of it; what has been started by then is ended where something does not start. */
  static async start(plane: ControlPlane): Promise<VMStage> {
    await using teardown = new Teardown();
    const server = await teardown.use(startRegistry());
    const credentials = (): Promise<{ readonly kind: "anonymous" }> => Promise.resolve({ kind: "anonymous" });
    const registry = openRegistry({ url: server.url, prefix, ca: undefined, credentials });
    teardown.defer(() => registry.close());
    const host = new Host(plane, nodeName, { base: times, snapshots: new RegistrySnapshots(registry) });
    await grantOperator(plane);
    await teardown.adopt(startScheduler(plane), (stopScheduler) => stopScheduler());
    await teardown.adopt(host.runAgent("default"), (agent) => agent.stop());
    const registryUrl = `${server.url}/${prefix}`;
    const operator = await teardown.adopt(
      OperatorProcess.start({
        ...{ plane, registryUrl, as: "operator" },
        args: ["--lease-namespace", operatorNamespace],
      }),
      (started) => started.end(),
    );
    await operator.works();
    return new VMStage({
      registryUrl: `${server.url}/v2/${prefix}`,
      operatorMetricsPort: operator.metricsPort,
      registry,
      backend: host.backend,
      teardown: teardown.move(),
    });
  }

  /** What {@link work} has left on the disk. */
  get worked(): string {
    return this.#worked;
  }

  /** Somebody works in the VM of a pod. */
  work(podName: string): string {
    const name = `vk-default-${podName}`;
    for (let i = 0; i < writes; i++) this.#backend.touch(name);
    const content = this.#backend.contentOf(name);
    this.#worked = content === undefined ? "nothing" : diskOf(content);
    return `${writes} files written`;
  }

  /** The VMs that run on the node, and what is on their disks. */
  disks(): string {
    const rows = this.#vmNames().flatMap((name) => {
      const content = this.#backend.contentOf(name);
      return content === undefined ? [] : [[name, diskOf(content)]];
    });
    return table(["VM", "DISK"], rows);
  }

  /** The snapshots of VMs that sleep, as they are in the registry. */
  async snapshots(): Promise<string> {
    const store = new RegistrySnapshots(this.#registry);
    const signal = AbortSignal.timeout(patienceMs);
    const rows = this.#vmNames().map(async (name) => {
      const digest = await this.#registry.resolve(name, "hibernate", { signal });
      const snapshot = await store.pull(name, "hibernate", signal);
      if (digest === undefined || snapshot === undefined) return [];
      return [[`${name}:hibernate`, digest.slice(0, "sha256:".length + 12), diskOf(snapshot.content)]];
    });
    return table(["TAG", "DIGEST", "DISK"], (await Promise.all(rows)).flat());
  }

  /** The same once there are none, which is a moment after the last VM runs. */
  async noSnapshots(): Promise<string> {
    await until(
      "there are snapshots",
      () => this.snapshots(),
      (shown) => shown === none,
    );
    return none;
  }

  #vmNames(): readonly string[] {
    return [...this.#backend.list()].sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#teardown[Symbol.asyncDispose]();
  }
}

interface Parts {
  readonly registryUrl: string;
  readonly operatorMetricsPort: number;
  readonly registry: Registry;
  readonly backend: SimulatedBackend;
  readonly teardown: Teardown;
}

/** The boot that a disk goes back to, by as much of its id as tells it from the others, and how often it was written since. */
const diskOf = ({ origin, revision }: Content): string =>
  `${origin.slice(origin.indexOf("/") + 1).slice(0, 8)}.${revision}`;

const none = "none";

/** Columns as kubectl sets them. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return none;
  const all = [heads, ...rows];
  const widths = heads.map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("   ")
      .trimEnd();
  return all.map(line).join("\n");
}
