import { parseArgs } from "node:util";
import { type ActName, actNames } from "./act.js";

/** What was asked of `npm run kill-anywhere`. */
export interface KillArguments {
  /** How many kills have to fall into each kind of act. */
  readonly moments: number;
  readonly only: readonly ActName[];
  /** How many sets each kind of act is played on. */
  readonly sets: number;
  /** After so long no round begins any more. */
  readonly minutes: number;
  readonly seed: number;
  readonly help: boolean;
}

/** The variables by which the command tells the test what was asked for. */
const variables = {
  moments: "COCOON_KILL_MOMENTS",
  only: "COCOON_KILL_ONLY",
  sets: "COCOON_KILL_SETS",
  minutes: "COCOON_KILL_MINUTES",
  seed: "COCOON_KILL_SEED",
} as const;

type Texts = Readonly<Partial<Record<keyof typeof variables, string | undefined>>>;

/** What `npm test` does. */
const short: Texts = { moments: "2", sets: "1", minutes: "10" };
const whole: Texts = { moments: "50", sets: "2", minutes: "40" };

/** @throws {TypeError|Error} that names the argument it cannot use */
export function readArguments(args: readonly string[]): KillArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      moments: { type: "string" },
      only: { type: "string" },
      sets: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { help, ...texts } = values;
  return { ...parsed({ ...whole, ...texts }, (name) => `--${name}`), help };
}

/** The same from the environment, as {@link environmentOf} writes it; what is not in there is short. */
export function readEnvironment(env: NodeJS.ProcessEnv): KillArguments {
  const texts = Object.fromEntries(
    Object.entries(variables).flatMap(([name, variable]) =>
      env[variable] === undefined ? [] : [[name, env[variable]] as const],
    ),
  );
  return { ...parsed({ ...short, ...texts }, (name) => variables[name]), help: false };
}

/** Arguments as variables. */
export const environmentOf = ({ moments, only, sets, minutes, seed }: KillArguments): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries({ moments, only, sets, minutes, seed }).map(([name, value]) => [
      variables[name as keyof typeof variables],
      String(value),
    ]),
  );

function parsed(texts: Texts, nameOf: (name: keyof typeof variables) => string): Omit<KillArguments, "help"> {
  const numberOf = (name: "moments" | "sets" | "minutes" | "seed", fallback: number): number => {
    const text = texts[name];
    const value = text === undefined ? fallback : Number(text);
    const least = name === "seed" ? 0 : 1;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new Error(`${nameOf(name)} ${text ?? ""}: write a whole number, at least ${least}`);
  };
  return {
    moments: numberOf("moments", 1),
    only: actsIn(texts.only, nameOf("only")),
    sets: numberOf("sets", 1),
    minutes: numberOf("minutes", 1),
    seed: numberOf("seed", Math.floor(Math.random() * 2 ** 32)),
  };
}

function actsIn(text: string | undefined, flag: string): readonly ActName[] {
  if (text === undefined) return actNames;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !actNames.some((known) => known === name));
  if (unknown.length === 0) return actNames.filter((name) => names.includes(name));
  throw new Error(`${flag}: there is no act ${unknown.join(", ")}; there are ${actNames.join(", ")}`);
}
