import type { Snapshot, SnapshotStore } from "./snapshot-store.js";

/** Snapshots that live as long as the process, for an agent without a registry. */
export class MemorySnapshots implements SnapshotStore {
  readonly #snapshots = new Map<string, Snapshot>();

  push(snapshot: Snapshot, tag: string): Promise<void> {
    this.#snapshots.set(`${snapshot.vmName}:${tag}`, snapshot);
    return Promise.resolve();
  }

  pull(vmName: string, tag: string): Promise<Snapshot | undefined> {
    return Promise.resolve(this.#snapshots.get(`${vmName}:${tag}`));
  }

  remove(vmName: string, tag: string): Promise<void> {
    this.#snapshots.delete(`${vmName}:${tag}`);
    return Promise.resolve();
  }
}
