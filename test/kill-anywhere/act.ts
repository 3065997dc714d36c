/** What people ask of a set while the operator is killed. */
export const actNames = ["suspend", "wake", "scale", "delete"] as const;

/** One of the {@link actNames}. */
export type ActName = (typeof actNames)[number];

/** Something that is asked of one set, again and again. */
export interface Act {
  readonly name: ActName;
  /** The namespace of the set, where nothing else is. */
  readonly ns: string;
  /** Brings the set to where it can be asked for. */
  prepare(): Promise<void>;
  /** Asks for it, and does not wait. */
  order(): Promise<void>;
  /** What is not yet as it was asked for, in words; empty once everything is done and the operator says so. */
  lacks(): Promise<readonly string[]>;
  /** Waits until nothing lacks; rejects with what does. */
  arrive(): Promise<void>;
  /** What has happened since the order that must not have: VMs that came up unasked or twice, states that are lost. */
  faults(): Promise<readonly string[]>;
  /** Lets the set go, and everything that is left of it. */
  close(): Promise<void>;
}
