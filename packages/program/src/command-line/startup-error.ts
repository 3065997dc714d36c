/** The exit codes of a program that cannot do its work: 2 where it was called wrongly, and calling it again is no use. */
type ExitCode = 1 | 2;

/** The program cannot do its work: each fault is one line that names the thing and the way out. */
export class StartupError extends Error {
  override readonly name = "StartupError";
  readonly faults: readonly string[];
  readonly exitCode: ExitCode;

  constructor(faults: readonly string[], exitCode: ExitCode = 1) {
    super(faults.join("\n"));
    this.faults = faults;
    this.exitCode = exitCode;
  }
}

/** Errors that only a mistake in our code throws: those keep their stack trace. */
const mistakes = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * What went wrong as a StartupError, with a line for each error in an AggregateError; a mistake of ours stays as it is.
 */
export function asStartupError(error: unknown): unknown {
  const causes = leavesOf(error);
  const isMistake = causes.some((cause) => mistakes.some((type) => cause instanceof type));
  return isMistake ? error : new StartupError(causes.flatMap(faultsOf));
}

const leavesOf = (error: unknown): readonly unknown[] =>
  error instanceof AggregateError ? error.errors.flatMap(leavesOf) : [error];

function faultsOf(error: unknown): readonly string[] {
  if (error instanceof StartupError) return error.faults;
  return [error instanceof Error ? error.message : String(error)];
}
