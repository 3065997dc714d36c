import { nearest } from "../words/index.js";
import type { OptionTable } from "./option.js";
import type { Environment } from "./read-settings.js";

/** A variable that nobody reads, and the one that was probably meant. */
export interface MistypedVariable {
  readonly name: string;
  readonly meant: string;
}

/**
 * The variables whose names are a slip away from that of a setting. They cannot be refused, because an environment holds
 * what other programs read; but a POD_CREATORS that nobody reads would let in whom it was meant to keep out.
 *
 * @example
 * ```ts
 * mistypedVariables(options, { POD_CREATOR: "alice" }); // [{ name: "POD_CREATOR", meant: "POD_CREATORS" }]
 * ```
 */
export function mistypedVariables(table: OptionTable, env: Environment): readonly MistypedVariable[] {
  const known: readonly string[] = Object.values(table).map((option) => option.env);
  return Object.keys(env)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, known, mostSlips);
      return meant === undefined ? [] : [{ name, meant }];
    });
}

/** What people are told of it. */
export const mistypedText = ({ name, meant }: MistypedVariable): string =>
  `the variable ${name} is no setting, and not read; set ${meant} instead`;

/** One more, and names of other programs would be taken for ours: two slips lead from SSL_KEY to TLS_KEY. */
const mostSlips = ({ length }: string): number => (length < 10 ? 1 : 2);
