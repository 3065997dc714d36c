/** API servers cut a warning at 256 characters, so a list of names leaves room for the sentence around it. */
const maxLength = 90;

/**
 * `a, b and c`, or as many as fit and how many more there are. Names at least one.
 *
 * @param further how many there are besides those in the list
 */
export function namesInBrief(names: readonly string[], further = 0): string {
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
