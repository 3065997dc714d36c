/** A line of the log, as far as people at a terminal are told of it. */
interface Entry {
  readonly level: string;
  readonly msg: string;
  readonly result?: string;
  readonly fault?: string;
  readonly faults?: readonly string[];
  readonly err?: { readonly message?: string };
}

/**
 * What a line of the log says in a sentence; undefined for decisions, which are shown in another way.
 *
 * @param line as the log writes it: one JSON object
 */
export function logSentence(line: string): string | undefined {
  const { level, msg, result, fault, faults, err } = JSON.parse(line) as Entry;
  if (result !== undefined) return undefined;
  const detail = fault ?? faults?.join("; ") ?? err?.message;
  return `${level}: ${msg}${detail === undefined || detail === msg ? "" : `: ${detail}`}`;
}
