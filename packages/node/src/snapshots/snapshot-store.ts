/** The state of a VM, as far as it can be told from another. */
export interface Content {
  /** Which fresh boot it goes back to. */
  readonly origin: string;
  /** How often the VM has written to its disk since. */
  readonly revision: number;
}

/** What is pushed of a VM. */
export interface Snapshot {
  readonly vmName: string;
  /** What the VM was first made of. */
  readonly image: string;
  readonly content: Content;
}

/** Where snapshots are kept, by VM name and tag. Methods reject with an error for people when that cannot be done. */
export interface SnapshotStore {
  push(snapshot: Snapshot, tag: string, signal: AbortSignal): Promise<void>;
  /** Undefined where there is none. */
  pull(vmName: string, tag: string, signal: AbortSignal): Promise<Snapshot | undefined>;
  /** A tag that is not there is fine. */
  remove(vmName: string, tag: string, signal: AbortSignal): Promise<void>;
}
