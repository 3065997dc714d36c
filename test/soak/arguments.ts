import { parseArgs } from "node:util";

/** What was asked of `npm run soak`. */
export interface SoakArguments {
  /** Questions to ask at least, while replicas restart; 0 for not at all, where `minutes` is not 0. */
  readonly questions: number;
  /** Rolling restarts meanwhile, at least. */
  readonly restarts: number;
  /** How long two replicas stay under load after that; 0 for not at all, where `questions` is not 0. */
  readonly minutes: number;
  /** Whether docs/reliability.md and its picture are written anew. */
  readonly writeDocs: boolean;
  readonly help: boolean;
}

/** @throws {TypeError|Error} that names the argument it cannot use */
export function readArguments(args: readonly string[]): SoakArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      questions: { type: "string", default: "200000" },
      restarts: { type: "string", default: "20" },
      minutes: { type: "string", default: "60" },
      "write-docs": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const questions = wholeNumber("--questions", values.questions);
  const minutes = wholeNumber("--minutes", values.minutes);
  if (questions === 0 && minutes === 0) {
    throw new Error(
      "--questions 0 and --minutes 0 leave both parts out, so nothing is done: ask for one of them",
    );
  }
  return {
    questions,
    restarts: wholeNumber("--restarts", values.restarts),
    minutes,
    writeDocs: values["write-docs"],
    help: values.help,
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option} takes a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}
