/** The program cannot do its work: each fault is one line that names the thing and the way out. */
export class StartupError extends Error {
  override readonly name = "StartupError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** The messages of an error, one for each error in an AggregateError. */
export function messagesOf(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(messagesOf);
  return [error instanceof Error ? error.message : String(error)];
}
