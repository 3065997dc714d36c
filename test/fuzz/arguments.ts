import { parseArgs } from "node:util";

/** What was asked of `npm run fuzz`. */
export interface FuzzArguments {
  /** Names of targets; empty for all. */
  readonly targets: readonly string[];
  readonly runs: number;
  readonly seconds: number;
  readonly seed: number;
  /** Whether the corpus in the repository is written anew. */
  readonly keep: boolean;
  /** The only input to try, on the only target. */
  readonly input: string | undefined;
  readonly help: boolean;
}

/** @throws {TypeError|Error} that names the argument it cannot use */
export function readArguments(args: readonly string[], known: readonly string[]): FuzzArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: "string" },
      seconds: { type: "string" },
      seed: { type: "string" },
      keep: { type: "boolean", default: false },
      input: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`there is no target ${unknown.join(", ")}; there are ${known.join(", ")}`);
  if (values.input !== undefined && positionals.length !== 1)
    throw new Error("--input is for one target: name it");
  return {
    targets: positionals,
    runs: numberOf("--runs", values.runs) ?? Infinity,
    // Who asks for a number of inputs means all of them.
    seconds: numberOf("--seconds", values.seconds) ?? (values.runs === undefined ? 10 : Infinity),
    seed: numberOf("--seed", values.seed) ?? Math.floor(Math.random() * 2 ** 32),
    keep: values.keep,
    input: values.input,
    help: values.help,
  };
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${flag} ${text}: write a whole number`);
  return value;
}
