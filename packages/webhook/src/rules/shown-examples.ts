import { changedLines, type DiffLine, lineDiff } from "./line-diff.js";
import type { Example, Rule } from "./rule.js";

/** A part of a rule's examples as people read it. */
export interface ShownExample {
  /** What the text is, as the beginning of a sentence that the text ends. */
  readonly title: string;
  readonly language: "yaml" | "diff";
  /** Lines, each with its end. */
  readonly text: string;
}

/**
 * The examples of a rule so that their point is seen at a glance: a change of an object as a diff, which for the good
 * example is no more than what changes.
 */
export function shownExamples({ bad, good }: NonNullable<Rule["examples"]>): readonly ShownExample[] {
  return [
    ...shown(
      "Found here",
      bad,
      (lines) => lines,
      "where - is what the cluster has, and + what the manifest says",
    ),
    ...shown("Not found here", good, changedLines, "where only this changes"),
  ];
}

type Part = (lines: readonly DiffLine[]) => readonly DiffLine[];

function shown(
  title: string,
  { before, manifests }: Example,
  part: Part,
  legend: string,
): readonly ShownExample[] {
  if (before === undefined) return [{ title, language: "yaml", text: manifests }];
  if (headOf(before) === headOf(manifests)) {
    const text = part(lineDiff(before, manifests)).map((line) => `${line.sign} ${line.text}\n`);
    return [{ title: `${title}, ${legend}`, language: "diff", text: text.join("") }];
  }
  return [
    { title: `${title}, where the cluster has`, language: "yaml", text: before },
    { title: "and the manifest says", language: "yaml", text: manifests },
  ];
}

/** What tells which object it is: everything above its spec. */
const headOf = (manifest: string): string | undefined => manifest.split("\nspec:")[0];
