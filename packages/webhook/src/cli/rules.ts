import { print, StartupError } from "@cocoonstack/program/command-line";
import { hasColours, type Paint, painter } from "@cocoonstack/program/terminal";
import { nearest } from "@cocoonstack/program/words";
import { isRuleId, type RuleId, ruleIds, rules, type ShownExample, shownExamples } from "../rules/index.js";

/** Prints a line for each rule. */
export function printRules(): void {
  const entries = Object.entries(rules);
  const width = Math.max(...entries.map(([id]) => id.length));
  const lines = entries.map(
    ([id, { severity, title }]) => `${id.padEnd(width)}  ${severity.padEnd("warning".length)}  ${title}\n`,
  );
  print(lines.join(""));
}

/**
 * Prints a rule in full.
 *
 * @throws {StartupError} when there is none of this name
 */
export function explain(name: string): void {
  if (!isRuleId(name)) throw new StartupError([unknownRule(name)], 2);
  print(explanationOf(name, painter(hasColours(process.stdout, process.env))));
}

function explanationOf(name: RuleId, paint: Paint): string {
  const { title, severity, concerns, explanation, wayOut, examples } = rules[name];
  const shown =
    examples === undefined
      ? "Only a cluster can find it.\n"
      : shownExamples(examples)
          .map((example) => textOf(example, paint))
          .join("\n");
  return [
    `${name} (${severity}): ${title}\n`,
    `Concerns: ${concerns}\n`,
    `${wrapped(explanation)}\n`,
    `Way out: ${wayOut}\n`,
    shown,
  ].join("\n");
}

function unknownRule(name: string): string {
  const meant = nearest(name, ruleIds);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `there is no rule '${name}'${hint} ('cocoon-webhook rules' lists them)`;
}

/** An example below its title, in the colours of a diff where it is one. */
function textOf({ title, language, text }: ShownExample, paint: Paint): string {
  const indented = text.replaceAll(/^(?=.)/gm, "    ");
  const coloured = indented
    .replaceAll(/^ {4}-.*/gm, (line) => paint("red", line))
    .replaceAll(/^ {4}\+.*/gm, (line) => paint("green", line));
  return `${title}:\n\n${language === "diff" ? coloured : indented}`;
}

/** Lines of at most 80 columns. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= 80) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}
