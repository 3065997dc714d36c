import type { Document } from "yaml";
import { documentsIn } from "./compose.js";
import { explained } from "./explained.js";
import { stepsOf } from "./field-path.js";
import { jsonTexts } from "./json-texts.js";
import { lineIndex, type LineIndex } from "./line-index.js";
import { objectsIn } from "./lists.js";
import { type Fault, isFault, type Manifest, type Place } from "./manifest.js";
import { offsetOf } from "./offset-of.js";
import { parseBlockYaml } from "./parse-block-yaml.js";
import { parseJson } from "./parse-json.js";
import { plainValueOf, UnreadableError } from "./plain-value.js";
import type { Part } from "./split-documents.js";

/** Gives objects and faults one after the other, and at its end how many documents there were that are not empty. */
type Read = Generator<Manifest | Fault, number>;

/** The objects in a part of a file, and what of it cannot be read. */
export function* readPart(file: string, part: Part): Read {
  const at = placesIn(file, part);
  let documents = 0;
  // JSON objects that share a line are not apart yet.
  for (const { text, offset } of jsonTexts(part.text) ?? [{ text: part.text, offset: 0 }]) {
    documents += yield* explainFaults(
      readText(text, (offsetInText) => at(offset + offsetInText)),
      part,
    );
  }
  return documents;
}

/** The same, with faults in words that help. */
function* explainFaults(read: Read, part: Part): Read {
  for (;;) {
    const next = read.next();
    if (next.done === true) return next.value;
    yield isFault(next.value) ? explained(next.value, lineIn(part, next.value.line)) : next.value;
  }
}

const lineIn = ({ text, line: first }: Part, line = first): string => text.split("\n")[line - first] ?? "";

type PlaceAt = (offset: number) => Place;

function placesIn(file: string, { text, line: first }: Part): PlaceAt {
  let index: LineIndex | undefined;
  return (offset) => {
    index ??= lineIndex(text);
    const { line, column } = index(offset);
    return { file, line: first + line - 1, column };
  };
}

function* readText(text: string, at: PlaceAt): Read {
  let documents = 0;
  try {
    const read = parseJson(text) ?? parseBlockYaml(text);
    if (read !== undefined)
      return yield* manifestsOf(read.value, {
        at,
        offsetOf: offsetsIn(text),
        offsetOfItem: ({ length }) => (length === 0 ? read.start : undefined),
      });
    for (const document of documentsIn(text)) documents += yield* readDocument(document, at);
  } catch (error) {
    yield faultOf(error, at);
    documents++;
  }
  return documents;
}

function* readDocument(document: Document, at: PlaceAt): Read {
  const [error] = document.errors;
  if (error !== undefined) {
    yield { ...at(error.pos[0]), message: `is not YAML: ${error.message}` };
    return 1;
  }
  let value: unknown;
  try {
    value = plainValueOf(document);
  } catch (unreadable) {
    yield faultOf(unreadable, at);
    return 1;
  }
  const offsetIn = (steps: readonly string[]): number => offsetOf(document, steps);
  return yield* manifestsOf(value, { offsetOfItem: offsetIn, at, offsetOf: offsetIn });
}

/** How to find things in a document. */
interface Places {
  /** Offset of an object in the document; undefined where it is not at hand. */
  readonly offsetOfItem: (steps: readonly string[]) => number | undefined;
  readonly offsetOf: (steps: readonly string[]) => number;
  readonly at: PlaceAt;
}

/** What was read in a faster way is read as YAML, to learn where its fields stand, only when somebody asks. */
function offsetsIn(text: string): Places["offsetOf"] {
  let document: Document | undefined;
  return (steps) => {
    document ??= documentsIn(text).next().value ?? undefined;
    return document === undefined ? 0 : offsetOf(document, steps);
  };
}

function* manifestsOf(document: unknown, { offsetOfItem, offsetOf: find, at }: Places): Read {
  for (const { value, steps } of objectsIn(document)) {
    const placeOf = (field: string): Place => at(find([...steps, ...stepsOf(field)]));
    const offset = offsetOfItem(steps);
    const start = offset === undefined ? (): Place => placeOf("") : always(at(offset));
    yield { value, placeOf, start };
  }
  return document === null ? 0 : 1;
}

/** Holds on to nothing but the place, unlike a function that is made where the document is at hand. */
const always = (place: Place) => (): Place => place;

function faultOf(error: unknown, at: PlaceAt): Fault {
  if (!(error instanceof UnreadableError)) throw error;
  return { ...at(error.offset), message: error.message };
}
