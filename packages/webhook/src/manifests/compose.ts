import { Composer, type CST, type Document, Lexer, Parser, Schema } from "yaml";
import { maxDepth, maxFaults, tooDeep } from "./limits.js";
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
 * @throws {UnreadableError} when one is nested more deeply than what reads it could follow: the package calls itself for each level;
 * and with the first of more faults than anybody mends: the package takes its time for each.
 */
export function* documentsIn(text: string): Generator<Document> {
  const parser = new Parser();
  const composer = new Composer(options);
  const faults: CST.ErrorToken[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === "error" && faults.push(token) > maxFaults) throw firstOf(faults);
      yield* composer.next(token);
    }
    if (parser.stack.length > maxDepth + furtherLevels) throw new UnreadableError(tooDeep, parser.offset);
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}

/** The first of several faults, in the package's words. */
const firstOf = ([first]: readonly CST.ErrorToken[]): UnreadableError =>
  new UnreadableError(
    `is not YAML: ${first?.message ?? "it cannot be read"}: ${JSON.stringify(first?.source)}`,
    first?.offset ?? 0,
  );
