import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { documentsIn } from "./compose.js";
import { maxDepth } from "./limits.js";
import { offsetOf } from "./offset-of.js";
import { parseBlockYaml } from "./parse-block-yaml.js";
import { plainValueOf } from "./plain-value.js";

/** What the whole language makes of a text. */
function inFull(text: string): { readonly value: unknown; readonly start: number } {
  const [document, ...others] = documentsIn(text);
  if (document === undefined || others.length > 0) throw new Error("not one document");
  expect(document.errors).toEqual([]);
  return { value: plainValueOf(document), start: offsetOf(document, []) };
}

/** Whether it was taken; if so, it is what the whole language makes of it, to the order of its keys. */
function agrees(text: string): boolean {
  const read = parseBlockYaml(text);
  if (read !== undefined) {
    const full = inFull(text);
    expect(read).toEqual(full);
    expect(JSON.stringify(read.value)).toBe(JSON.stringify(full.value));
  }
  return read !== undefined;
}

// What may stand on a line. Most of it is in the part of the language that is taken, so that whole texts are, too.
const plainPieces =
  "a|b|a b|a:b|'q'|\"q\"|{}|[]|null|~|true|yes|Off|010|0x1F|1_0|-1|1e3|-.5|1:30|--flag|-v|/path|nginx:1.27|http://x/y|1Gi|x#y";
const oddPieces =
  "'|\"|'it''s'|\"a\\\\nb\"|{a: 1}|[1]|&x 1|*x|!!str 1|!t|...|---|%|@|`|=|.inf|: |? |a: b: c|- - f|>|";
const pieces = [...plainPieces.split("|"), ...oddPieces.split("|"), "|", "|-", "|+", ""];
const keys = "a|b|c|d/e|f.g|'h'|\"i\"".split("|");
const oddKeys = "y|8080|<<|__proto__|null|? a|'|a b".split("|");

const usually = <T>(common: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: common, weight: 12 }, { arbitrary: odd, weight: 1 });
const value = usually(fc.constantFrom(...plainPieces.split("|"), "|", "|-", ""), fc.constantFrom(...pieces));
const key = usually(fc.constantFrom(...keys), fc.constantFrom(...oddKeys));
const line = fc
  .record({
    indent: usually(fc.constantFrom("", "  ", "    "), fc.constantFrom(" ", "   ")),
    dash: fc.constantFrom("", "", "- ", "-   "),
    content: usually(
      fc.tuple(key, value).map(([name, text]) => `${name}: ${text}`.trimEnd()),
      value,
    ),
    end: usually(
      fc.constant(""),
      fc.constantFrom(" # c", "#", " ", "  ", "\n", "\n# c", "\n  # c", "\n    "),
    ),
  })
  .map(({ indent, dash, content, end }) => `${indent}${dash}${content}${end}`);
const lines = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom("", "\n", "\n\n"))
  .map(([all, end]) => all.join("\n") + end);

const word = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 }), fc.constant("l\nm\n"));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(usually(fc.stringMatching(/^[a-z][a-z./-]{0,5}$/), word), tie("tree"), { maxKeys: 4 }),
  ),
}));
const written = fc
  .record({
    tree,
    indentSeq: fc.boolean(),
    defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "BLOCK_LITERAL" as const),
  })
  .map(({ tree: grown, ...options }) => `# c\n---\n${stringify({ kind: "Pod", tree: grown }, options)}`);

const manifest =
  "# c\nkind: Pod # d\nmetadata:\n  name: 'a'\nspec:\n  list:\n  - x: 1\n    w: |\n      b\n\n       c\n  - z\n  empty: {}\n";
const changed = fc
  .tuple(
    fc.nat({ max: manifest.length }),
    fc.nat({ max: 3 }),
    fc.oneof(fc.constantFrom(...pieces, "\n", " ", "- ", ": "), fc.string({ maxLength: 2 })),
  )
  .map(([at, removed, added]) => manifest.slice(0, at) + added + manifest.slice(at + removed));

describe("parseBlockYaml", () => {
  it.each([
    ["lines of any kind", lines, 0.1],
    ["what the whole language writes", written, 0.2],
    ["a manifest that was changed at one place", changed, 0.25],
  ])("agrees with the whole language about %s", (_, texts, share) => {
    const numRuns = 4_000;
    let taken = 0;
    const property = fc.property(texts, (text) => {
      if (agrees(text)) taken++;
    });
    fc.assert(property, { numRuns });
    // What is left to others says nothing here.
    expect(taken).toBeGreaterThan(numRuns * share);
  });

  it.each([
    ["words, numbers and booleans", "a: b c\nd: 010\ne: yes\nf: ~\ng:\n"],
    ["quoted text", `a: "b: c"\n'd e': 'f'\n`],
    [
      "lists of objects, with and without indentation",
      "a:\n- b: 1\n  c: 2\n-\n  d: 3\ne:\n  - - f\n".replace("- - f", "- f"),
    ],
    ["literal text", "a: |\n  b\n    c\n\n  d\n\ne: |-\n  f\n"],
    ["comments and empty lines", "# a\n\n---\n  # b\na: 1 # c\n\nd:\n  # e\n  f: g\n"],
    [
      "what is as deep as may be",
      Array.from({ length: maxDepth - 1 }, (_, level) => `${" ".repeat(level)}a:\n`).join(""),
    ],
  ])("takes %s", (_, text) => {
    expect(agrees(text)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["no more than a comment", "# a\n"],
    ["a word", "a\n"],
    ["a key twice", "a: 1\na: 2\n"],
    ["a key that is no text", "yes: 1\n"],
    ["an anchor", "a: &b c\n"],
    ["brackets", "a: [1]\n"],
    ["text over two lines", "a: b\n  c\n"],
    ["a quote that does not end", "a: 'b\n"],
    ["literal text behind a line of too many spaces", "a: |\n      \n  b\n"],
    ["a tab", "a:\tb\n"],
    ["what is beyond ASCII", "a: é\n"],
    ["a second document", "a: 1\n---\nb: 2\n"],
    ["a step back to where nothing began", "a:\n    b: 1\n  c: 2\n"],
    [
      "what is nested too deeply",
      Array.from({ length: maxDepth }, (_, level) => `${" ".repeat(level)}a:\n`).join(""),
    ],
  ])("leaves %s to others", (_, text) => {
    expect(parseBlockYaml(text)).toBeUndefined();
  });
});
