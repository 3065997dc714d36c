import { shortened } from "./warning.js";

/** A list of names leaves room for the sentence around it; a warning has to arrive whole. */
const maxLength = 60;

/** One name, and how many more there are, fit by themselves. */
const maxNameLength = 40;

/**
 * `a, b and c`, or as many as fit and how many more there are. Names at least one.
 *
 * @param further how many there are besides those in the list
 */
export function namesInBrief(fullNames: readonly string[], further = 0): string {
  const names = fullNames.map((name) => shortened(name, maxNameLength));
  let shown = names.length;
  while (shown > 1 && textOf(names, shown, further).length > maxLength) shown--;
  return textOf(names, shown, further);
}

function textOf(names: readonly string[], shown: number, further: number): string {
  const more = names.length - shown + further;
  const listed = more > 0 ? [...names.slice(0, shown), `${more} more`] : names;
  const last = listed.at(-1) ?? "";
  return listed.length > 1 ? `${listed.slice(0, -1).join(", ")} and ${last}` : last;
}
