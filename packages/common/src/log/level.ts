/**
 * How much is logged, from everything to the last words.
 *
 * @example
 * ```ts
 * const isLevel = levels.some((level) => level === "debug"); // true
 * ```
 */
export const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/**
 * See {@link levels}.
 *
 * @example
 * ```ts
 * const level: Level = "debug";
 * const isLogged = log.isLevelEnabled(level); // false: below info
 * ```
 */
export type Level = (typeof levels)[number];

/**
 * A variable holds no log level; the message names the variable, the value and the levels.
 *
 * @example
 * ```ts
 * if (error instanceof LogLevelError) process.stderr.write(`${error.message}\n`);
 * ```
 */
export class LogLevelError extends Error {
  override readonly name = "LogLevelError";
}

/**
 * The level in `value`, in upper or lower case as in Go's loggers; `info` when it is undefined or empty.
 *
 * @param variable What the message calls the value's origin.
 * @throws {LogLevelError} for anything else.
 */
export function parseLevel(variable: string, value: string | undefined): Level {
  if (value === undefined || value === "") return "info";
  const level = levels.find((name) => name === value.toLowerCase());
  if (level === undefined) {
    throw new LogLevelError(
      `${variable} is '${value}', which is no log level: use one of ${levels.join(", ")}`,
    );
  }
  return level;
}
