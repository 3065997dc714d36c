/**
 * The steps of a field path, as messages have it: keys after dots, indices and odd keys in brackets.
 *
 * @example
 * stepsOf("spec.toolboxes[2].env[my.key]"); // ["spec", "toolboxes", "2", "env", "my.key"]
 */
export function stepsOf(field: string): readonly string[] {
  return [...field.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([step, bracketed]) => bracketed ?? step);
}
