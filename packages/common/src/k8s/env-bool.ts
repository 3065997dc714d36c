import { envOrDefault } from "./env-or-default.js";

const words: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, true])),
  ...Object.fromEntries(["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, false])),
};

/**
 * The truth value of an environment variable in the words of Go's `strconv.ParseBool`
 * (`1 t T TRUE true True 0 f F FALSE false False`), or `fallback` when it is unset, empty or anything else.
 *
 * @example
 * ```ts
 * const leaderElection = envBool("LEADER_ELECT", true);
 * ```
 */
export function envBool(
  name: string,
  fallback: boolean,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  const word = envOrDefault(name, "", env);
  return Object.hasOwn(words, word) ? (words[word] ?? fallback) : fallback;
}
