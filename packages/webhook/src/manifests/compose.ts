import { Composer, type Document, Lexer, Parser, type ScalarTag, Schema } from "yaml";
import { maxDepth, tooDeep } from "./limits.js";
import { UnreadableError } from "./plain-value.js";

/** kubectl reads YAML 1.1 here, where more words than `true` and `false` are booleans, and a name that is one is refused. */
const booleans = (
  [
    [true, /^(?:y|Y|yes|Yes|YES|on|On|ON)$/],
    [false, /^(?:n|N|no|No|NO|off|Off|OFF)$/],
  ] as const
).map(([value, test]): ScalarTag => ({
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test,
  resolve: () => value,
}));

const options = {
  // Made once: without it, each document has one of its own made.
  schema: new Schema({ schema: "core", customTags: booleans, merge: true, resolveKnownTags: true }),
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
