/** What came of a fault. */
export interface Outcome {
  /** What the webhook did, in words. */
  readonly got: string;
  /** From the end of the fault to the first right answer, or to the state that was wanted; undefined where nothing was lost. */
  readonly recoveryMs: number | undefined;
}

/** Something around the webhook, or the webhook itself, fails: a row of the table. */
export interface Fault {
  readonly name: string;
  /** What must happen, as the table says it. */
  readonly stated: string;
  /** The same, by the words of `got`. */
  readonly fits: RegExp;
  /** Brings the fault about, watches, ends it, and waits until all is well again. Rejects where it is not. */
  readonly bring: () => Promise<Outcome>;
}
