import { type Document, parseAllDocuments, type ScalarTag, type YAMLError } from "yaml";
import { stepsOf } from "./field-path.js";
import { jsonTexts, type Part } from "./json-texts.js";
import { type LineIndex, lineIndex } from "./line-index.js";
import { objectsIn } from "./lists.js";
import type { Fault, Manifest } from "./manifest.js";
import { offsetOf } from "./offset-of.js";

/** What a text holds, and what of it could not be read. */
export interface ParseResult {
  readonly manifests: readonly Manifest[];
  readonly faults: readonly Fault[];
}

/**
 * Reads YAML or JSON text: any number of documents, and what lists among them hold. Empty documents count for nothing; a
 * broken one is a fault, and the others are read all the same.
 *
 * @param file what the text is called in places and faults
 */
export function parseManifests(file: string, text: string): ParseResult {
  const at = lineIndex(text);
  const several = jsonTexts(text) ?? [];
  const parts = several.length > 1 ? several : [{ text, offset: 0 }];
  const results = parts.flatMap((part) => parsePart(file, part, at));
  return {
    manifests: results.flatMap(({ manifests }) => manifests),
    faults: results.flatMap(({ faults }) => faults),
  };
}

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

const options = { customTags: booleans, merge: true, prettyErrors: false } as const;

function parsePart(file: string, part: Part, at: LineIndex): readonly ParseResult[] {
  let documents: readonly Document[];
  try {
    documents = parseAllDocuments(part.text, options);
  } catch (error) {
    return [faulty({ file, ...at(part.offset), message: reasonOf(error) })];
  }
  return documents.map((document) => readDocument(file, document, (offset) => at(part.offset + offset)));
}

function readDocument(file: string, document: Document, at: LineIndex): ParseResult {
  const [error]: readonly YAMLError[] = document.errors;
  if (error !== undefined) {
    return faulty({ file, ...at(error.pos[0]), message: `is not YAML: ${error.message}` });
  }
  let value: unknown;
  try {
    // Written out and read again, it is what an API server gets: anchors are gone, and a loop among them is an error.
    value = JSON.parse(JSON.stringify(document.toJS()));
  } catch (cause) {
    return faulty({ file, ...at(offsetOf(document, [])), message: reasonOf(cause) });
  }
  const manifests = [...objectsIn(value)].map(({ value: object, steps }) => ({
    file,
    value: object,
    placeOf: (field: string) => ({ file, ...at(offsetOf(document, [...steps, ...stepsOf(field)])) }),
  }));
  return { manifests, faults: [] };
}

const faulty = (fault: Fault): ParseResult => ({ manifests: [], faults: [fault] });

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "is nested too deeply to be read";
  const reason = error instanceof Error ? error.message.split("\n")[0] : undefined;
  return `cannot be read as YAML: ${reason ?? String(error)}`;
}
