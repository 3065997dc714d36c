import type { Registry } from "@cocoonstack/registry";
import { artifactOf, snapshotOf } from "./artifact.js";
import type { Snapshot, SnapshotStore } from "./snapshot-store.js";

/** Snapshots in an OCI registry: the repository is the VM's name, below the registry's prefix. */
export class RegistrySnapshots implements SnapshotStore {
  readonly #registry: Pick<Registry, "push" | "pull" | "deleteTag">;

  constructor(registry: Pick<Registry, "push" | "pull" | "deleteTag">) {
    this.#registry = registry;
  }

  async push(snapshot: Snapshot, tag: string, signal: AbortSignal): Promise<void> {
    await this.#registry.push(snapshot.vmName, tag, artifactOf(snapshot), { signal });
  }

  async pull(vmName: string, tag: string, signal: AbortSignal): Promise<Snapshot | undefined> {
    const artifact = await this.#registry.pull(vmName, tag, { signal });
    return artifact === undefined ? undefined : snapshotOf(`${vmName}:${tag}`, artifact);
  }

  async remove(vmName: string, tag: string, signal: AbortSignal): Promise<void> {
    await this.#registry.deleteTag(vmName, tag, { signal });
  }
}
