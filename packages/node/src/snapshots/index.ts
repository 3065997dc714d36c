/** Snapshots of VMs, and where they are kept. */
export { MemorySnapshots } from "./memory-snapshots.js";
export { RegistrySnapshots } from "./registry-snapshots.js";
export type { Content, Snapshot, SnapshotStore } from "./snapshot-store.js";
