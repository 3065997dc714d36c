import type { Found, Source, VM } from "../vm/index.js";

/** A VM that is to be made. */
export interface StartRequest {
  readonly name: string;
  readonly source: Source;
}

/** What happens to a VM by itself. */
export type HostChange =
  | { readonly type: "vanished" | "stopped"; readonly name: string }
  | { readonly type: "addressed"; readonly name: string; readonly ip: string };

/**
 * What runs VMs on this host, and knows them after a restart of the agent. A method rejects with an error whose message tells
 * people what went wrong, or when its signal is aborted; a step that was cut off so may be begun again.
 */
export interface Backend {
  /** The names of all VMs that the host knows, those of earlier runs of the agent and those that sleep included. */
  list(): readonly string[];
  /** What the host knows of a name. */
  find(name: string): Found;
  /** Makes a VM, and forgets that one of its name slept. */
  start(request: StartRequest, signal: AbortSignal): Promise<VM>;
  /** Puts right in a cloned guest what was its original's, such as its name and keys. */
  setUp(name: string, signal: AbortSignal): Promise<void>;
  /** Whether the guest answers. */
  answers(name: string): boolean;
  /** Takes a snapshot of the VM, which then stands still. */
  save(name: string, signal: AbortSignal): Promise<void>;
  /** Pushes the last snapshot. */
  push(name: string, tag: string, signal: AbortSignal): Promise<void>;
  /** Takes a pushed tag away; one that is not there is fine. */
  untag(name: string, tag: string, signal: AbortSignal): Promise<void>;
  /** Ends the VM and forgets it; one that `sleeps` is remembered as asleep. One that is not there is fine. */
  destroy(name: string, options: { readonly sleeps: boolean }, signal: AbortSignal): Promise<void>;
  /** Starts a VM that stopped. */
  restart(name: string, signal: AbortSignal): Promise<void>;
  /** Tells `listener` of what happens to VMs by themselves, until it is called off. */
  listen(listener: (change: HostChange) => void): () => void;
}
