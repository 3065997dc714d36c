/** The server that is attacked. */
export interface Target {
  readonly port: number;
  /** Of its `--body-timeout`. */
  readonly bodyTimeoutMs: number;
  /** Whether there is time for what takes minutes, or thousands of connections. */
  readonly isShort: boolean;
}

/** A client that does what no API server does: a row of the table. */
export interface Hostile {
  readonly name: string;
  /** What it must get, as the table says it. */
  readonly expected: string;
  /** What it must get, by the words in which `attack` says what it got. */
  readonly fits: RegExp;
  /** Attacks once, and says what came of it. */
  readonly attack: (target: Target) => Promise<string>;
  /**
   * Takes up its position before the attack, and gives it up afterwards: for attacks that are a state, not an act. The well-behaved
   * client is watched while it is held.
   */
  readonly hold?: (target: Target) => Promise<AsyncDisposable>;
}
