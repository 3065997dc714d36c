/** What a round was planned by has changed meanwhile. Nothing was lost: the next round sees what is so then. */
export class StaleRoundError extends Error {
  override readonly name = "StaleRoundError";

  constructor(reasons: readonly string[]) {
    super([...new Set(reasons)].join("; "));
  }
}

/** Actions that could not be done. They are tried again. */
export class ActionsFailedError extends AggregateError {
  override readonly name = "ActionsFailedError";

  constructor(errors: readonly Error[]) {
    super(errors, [...new Set(errors.map(({ message }) => message))].join("; "));
  }
}
