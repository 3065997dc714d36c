import { patienceMs } from "../eventually.js";
import {
  SimulatedBackend,
  type SimulatedBackendOptions,
} from "../../../packages/node/src/simulated/index.js";
import type { StartRequest } from "../../../packages/node/src/backend/index.js";
import type { Content, SnapshotStore } from "../../../packages/node/src/snapshots/index.js";
import type { Source, VM } from "../../../packages/node/src/vm/index.js";

/** How a VM came up, and what was on its disk then. */
export interface Start {
  readonly source: Source;
  readonly content: Content;
}

/**
 * The one law, followed through hosts and registry: no state of a VM is lost unless somebody asked for exactly that. Each guest
 * writes to its disk when it comes up, so that an older snapshot and a new fork are other contents than the one before.
 */
export class Contents {
  readonly #snapshots: SnapshotStore;
  readonly #backends: SimulatedBackend[] = [];
  /** What each VM has on its disk, or had when it last ran. */
  readonly #owed = new Map<string, Content>();
  readonly #starts = new Map<string, Start[]>();
  readonly #given = new Set<string>();
  readonly #resting = new Set<string>();
  readonly #faults: string[] = [];
  #writes = 0;

  constructor(snapshots: SnapshotStore) {
    this.#snapshots = snapshots;
  }

  /** A backend whose VMs are followed. */
  readonly backend = (options: SimulatedBackendOptions): SimulatedBackend => {
    const backend = new FollowedBackend(options, (request) => {
      this.#started(backend, request);
    });
    this.#backends.push(backend);
    return backend;
  };

  /** What a VM has on its disk, or had when it last ran. */
  of(vmName: string): Content | undefined {
    return this.#owed.get(vmName);
  }

  /** How a VM came up, each time. */
  startsOf(vmName: string): readonly Start[] {
    return this.#starts.get(vmName) ?? [];
  }

  /** The names of the VMs of a namespace that run, sorted. */
  running(ns: string): readonly string[] {
    const running = this.#backends.flatMap((backend) =>
      backend.list().filter((name) => backend.contentOf(name) !== undefined),
    );
    return running.filter((name) => isOf(ns, name)).sort();
  }

  /** From now on a guest writes nothing when it comes up. */
  rest(vmName: string): void {
    this.#resting.add(vmName);
  }

  /** Somebody asks for something that costs a VM its state. That is allowed once: what comes up then counts again. */
  giveUp(...vmNames: readonly string[]): void {
    for (const vmName of vmNames) this.#given.add(vmName);
  }

  /** What became of the states of the VMs of a namespace, or of a set (`NAMESPACE-SET`); empty where each is somewhere. */
  async losses(owner: string): Promise<readonly string[]> {
    const vmNames = [...this.#owed.keys()].filter((name) => isOf(owner, name) && !this.#given.has(name));
    const lost = await Promise.all(
      vmNames.map(async (vmName) => ((await this.#isSomewhere(vmName)) ? [] : [vmName])),
    );
    const nowhere = lost.flat().map((vmName) => `${vmName}: ${text(this.#owed.get(vmName))} is nowhere`);
    return [...this.#faults.filter((fault) => isOf(owner, fault)), ...nowhere];
  }

  async #isSomewhere(vmName: string): Promise<boolean> {
    const owed = this.#owed.get(vmName);
    if (this.#backends.some((backend) => isSame(backend.contentOf(vmName), owed))) return true;
    const signal = AbortSignal.timeout(patienceMs);
    const kept = await Promise.all(
      ["hibernate", "latest"].map((tag) => this.#snapshots.pull(vmName, tag, signal)),
    );
    return kept.some((snapshot) => isSame(snapshot?.content, owed));
  }

  #started(backend: SimulatedBackend, { name, source }: StartRequest): void {
    const content = backend.contentOf(name);
    if (content === undefined) return;
    this.#judge(backend, name, source, content);
    this.#given.delete(name);
    this.#starts.set(name, [...this.startsOf(name), { source, content }]);
    const writes = this.#resting.has(name) ? 0 : ++this.#writes;
    for (let i = 0; i < writes; i++) backend.touch(name);
    this.#owed.set(name, backend.contentOf(name) ?? content);
  }

  #judge(backend: SimulatedBackend, name: string, source: Source, content: Content): void {
    const others = this.#backends.filter((one) => one !== backend && one.contentOf(name) !== undefined);
    if (others.length > 0) this.#faults.push(`${name}: runs twice`);
    const owed = this.#owed.get(name);
    if (owed === undefined || this.#given.has(name) || isSame(content, owed)) return;
    this.#faults.push(`${name}: came up from ${source.from} with ${text(content)} in place of ${text(owed)}`);
  }
}

/** Tells of each VM that comes up, before anything else sees it. */
class FollowedBackend extends SimulatedBackend {
  readonly #onStart: (request: StartRequest) => void;

  constructor(options: SimulatedBackendOptions, onStart: (request: StartRequest) => void) {
    super(options);
    this.#onStart = onStart;
  }

  override async start(request: StartRequest, signal: AbortSignal): Promise<VM> {
    const vm = await super.start(request, signal);
    this.#onStart(request);
    return vm;
  }
}

/** Whether a text begins with the name of a VM of a namespace or set. */
const isOf = (owner: string, text: string): boolean => text.startsWith(`vk-${owner}-`);

const isSame = (a: Content | undefined, b: Content | undefined): boolean =>
  a !== undefined && a.origin === b?.origin && a.revision === b.revision;

const text = (content: Content | undefined): string =>
  content === undefined ? "nothing" : `${content.origin}.${content.revision}`;
