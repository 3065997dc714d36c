/**
 * There is no usable way to reach a cluster: no configuration was found, or what was found is unreadable, incomplete or
 * contradictory. The message is one line for people: it names the file or the variable, and the way out. It holds no
 * secrets.
 *
 * @example
 * ```ts
 * if (error instanceof ConfigError) log.fatal({ err: error }, "no cluster");
 * ```
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
