import { randomUUID } from "node:crypto";
import type { Backend, HostChange, StartRequest } from "../backend/index.js";
import type { Content, Snapshot, SnapshotStore } from "../snapshots/index.js";
import type { Found, Source, VM } from "../vm/index.js";
import type { FaultBoard } from "./fault-board.js";
import type { Faults } from "./faults.js";
import { noRecords, type Records, type VMRecord } from "./records.js";

/** See {@link SimulatedBackend}. */
export interface SimulatedBackendOptions {
  /** The name of the host: the first part of each content's origin. */
  readonly host: string;
  readonly snapshots: SnapshotStore;
  readonly faults: FaultBoard;
  /** @default noRecords */
  readonly records?: Records;
}

/**
 * VMs that are records: nothing runs, but which boot a VM's state goes back to is followed through forks, sleep and snapshots, so
 * that a loss of state is seen as one number that differs. How long its steps take, and what goes wrong, {@link FaultBoard} says.
 */
export class SimulatedBackend implements Backend {
  readonly #options: Required<SimulatedBackendOptions>;
  readonly #vms = new Map<string, VMRecord>();
  readonly #saved = new Map<string, Snapshot>();
  readonly #listeners = new Set<(change: HostChange) => void>();
  #addresses = 0;

  constructor(options: SimulatedBackendOptions) {
    this.#options = { records: noRecords, ...options };
    for (const record of this.#options.records.load()) this.#vms.set(record.name, record);
    options.faults.listen(() => {
      for (const { name } of [...this.#vms.values()]) this.#suffer(name);
    });
  }

  list(): readonly string[] {
    return [...this.#vms.keys()];
  }

  find(name: string): Found {
    const { state, id, ip } = this.#vms.get(name) ?? { state: "none", id: "", ip: "" };
    const isThere = state === "running" || state === "stopped";
    return { vm: isThere ? { name, id, ip } : undefined, isAsleep: state === "asleep" };
  }

  /** The content of a VM that runs. */
  contentOf(name: string): Content | undefined {
    const record = this.#vms.get(name);
    return record?.state === "asleep" ? undefined : record?.content;
  }

  /** Something in the guest writes to its disk. */
  touch(name: string): void {
    const record = this.#running(name);
    const content = { ...record.content, revision: record.content.revision + 1 };
    this.#put({ ...record, content });
  }

  async start({ name, source }: StartRequest, signal: AbortSignal): Promise<VM> {
    const origin = await this.#origin(name, source, signal);
    signal.throwIfAborted();
    const id = randomUUID();
    const { ipLateMs = 0 } = this.#faultsOf(name);
    const address = this.#freeAddress();
    const ip = ipLateMs > 0 ? "" : address;
    this.#put({ name, state: "running", id, ip, ...origin });
    if (ipLateMs > 0) {
      setTimeout(() => {
        this.#address(id, name, address);
      }, ipLateMs).unref();
    }
    queueMicrotask(() => {
      this.#suffer(name);
    });
    return { name, id, ip };
  }

  #address(id: string, name: string, ip: string): void {
    const record = this.#vms.get(name);
    if (record?.id !== id) return;
    this.#put({ ...record, ip });
    this.#tell({ type: "addressed", name, ip });
  }

  #freeAddress(): string {
    const taken = new Set([...this.#vms.values()].map(({ ip }) => ip));
    for (;;) {
      const number = ++this.#addresses;
      const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
      if (!taken.has(address)) return address;
    }
  }

  async #origin(
    name: string,
    source: Source,
    signal: AbortSignal,
  ): Promise<Pick<VMRecord, "image" | "content">> {
    switch (source.from) {
      case "image":
        return {
          image: source.image,
          content: { origin: `${this.#options.host}/${randomUUID()}`, revision: 0 },
        };
      case "vm": {
        const { image, content } = this.#running(source.vmName);
        return { image, content };
      }
      case "snapshot": {
        const isMissing = this.#faultsOf(name).noTag === true;
        const found = isMissing ? undefined : await this.#options.snapshots.pull(name, source.tag, signal);
        if (found === undefined) throw new Error(`there is no snapshot ${name}:${source.tag}`);
        return found;
      }
    }
  }

  setUp(name: string, signal: AbortSignal): Promise<void> {
    return this.#options.faults.until(name, ({ neverReady }) => neverReady !== true, signal);
  }

  answers(name: string): boolean {
    return this.#vms.get(name)?.state === "running" && this.#faultsOf(name).neverReady !== true;
  }

  async save(name: string): Promise<void> {
    const { image, content } = this.#running(name);
    this.#saved.set(name, { vmName: name, image, content });
    await Promise.resolve();
  }

  async push(name: string, tag: string, signal: AbortSignal): Promise<void> {
    const snapshot = this.#saved.get(name);
    if (snapshot === undefined) throw new Error(`${name} has not been saved`);
    await this.#options.snapshots.push(snapshot, tag, signal);
  }

  untag(name: string, tag: string, signal: AbortSignal): Promise<void> {
    return this.#options.snapshots.remove(name, tag, signal);
  }

  destroy(name: string, { sleeps }: { readonly sleeps: boolean }): Promise<void> {
    const record = this.#vms.get(name);
    this.#saved.delete(name);
    if (record !== undefined && sleeps) this.#put({ ...record, state: "asleep" });
    else this.#remove(name);
    return Promise.resolve();
  }

  async restart(name: string): Promise<void> {
    this.#put({ ...this.#running(name), state: "running" });
    await Promise.resolve();
    queueMicrotask(() => {
      this.#suffer(name);
    });
  }

  listen(listener: (change: HostChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a fault does to a VM by itself. */
  #suffer(name: string): void {
    const record = this.#vms.get(name);
    if (record?.state !== "running") return;
    const { vanish, stop } = this.#faultsOf(name);
    if (vanish === true) {
      this.#remove(name);
      this.#tell({ type: "vanished", name });
    } else if (stop === true) {
      this.#put({ ...record, state: "stopped" });
      this.#tell({ type: "stopped", name });
    }
  }

  #running(name: string): VMRecord {
    const record = this.#vms.get(name);
    if (record === undefined || record.state === "asleep")
      throw new Error(`there is no VM ${name} on this node`);
    return record;
  }

  #put(record: VMRecord): void {
    this.#vms.set(record.name, record);
    this.#options.records.put(record);
  }

  #remove(name: string): void {
    this.#vms.delete(name);
    this.#options.records.remove(name);
  }

  #tell(change: HostChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #faultsOf(name: string): Faults {
    return this.#options.faults.of(name);
  }
}
