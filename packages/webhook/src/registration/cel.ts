/** A text as a CEL literal (https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values). */
export const celText = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`;

/** Texts as a list in CEL. */
export const celList = (texts: readonly string[]): string => `[${texts.map(celText).join(", ")}]`;

/** No name, number or sentence holds it, so it can mark where an expression stands in a sentence. */
const mark = "\u0000";

/** Stands for what the CEL `expression` gives, a text, wherever a sentence has room for a name or a number. */
export const gap = (expression: string): string => mark + expression + mark;

/**
 * A sentence with gaps as one CEL expression, so that an admission policy says what the webhook says: the same function
 * writes the sentence for both.
 *
 * @example
 * ```ts
 * celSentence(`pod ${gap("request.name")} is refused`); // "'pod ' + request.name + ' is refused'"
 * ```
 */
export const celSentence = (text: string): string =>
  text
    .split(mark)
    .flatMap((part, index) => {
      const isExpression = index % 2 === 1;
      if (isExpression) return [part];
      return part === "" ? [] : [celText(part)];
    })
    .join(" + ");
