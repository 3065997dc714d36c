import { Composer, type Document, Lexer, Parser, Schema } from "yaml";
import { maxDepth, tooDeep } from "./limits.js";
import { UnreadableError } from "./plain-value.js";
import { withScalarsOfKubectl } from "./scalar-tags.js";

const options = {
  // Made once: without it, each document has one of its own made. What bears the name of another type, such as !!timestamp, is
  // text to kubectl as it stands.
  schema: new Schema({
    schema: "core",
    customTags: withScalarsOfKubectl,
    merge: true,
    resolveKnownTags: false,
  }),
  prettyErrors: false,
  // Equal keys are found where values are read: the package compares each with each, which takes minutes for many.
  uniqueKeys: false,
} as const;

/** The document itself, and the scalar in the innermost collection. */
const furtherLevels = 2;

/**
 * The documents of a text, one after the other.
 *
 * @throws {UnreadableError} when one is nested more deeply than what reads it could follow: the package calls itself for each level.
 */
export function* documentsIn(text: string): Generator<Document> {
  const parser = new Parser();
  const composer = new Composer(options);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield* composer.next(token);
    if (parser.stack.length > maxDepth + furtherLevels) throw new UnreadableError(tooDeep, parser.offset);
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}
