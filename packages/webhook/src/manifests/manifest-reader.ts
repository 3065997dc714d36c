import type { Fault, Manifest } from "./manifest.js";
import { readPart } from "./read-part.js";
import { DocumentSplitter } from "./split-documents.js";

/**
 * Reads YAML or JSON text as it arrives: any number of documents, and what lists among them hold. Empty documents count for
 * nothing; a broken one is a fault, and the others are read all the same. Holds one document at a time.
 *
 * @example
 * const reader = new ManifestReader("pod.yaml");
 * for await (const text of input) for (const item of reader.push(text)) console.log(item);
 * for (const item of reader.end()) console.log(item);
 */
export class ManifestReader {
  readonly #file: string;
  readonly #splitter = new DocumentSplitter();
  #documents = 0;

  /** @param file what the text is called in places and faults */
  constructor(file: string) {
    this.#file = file;
  }

  /** Documents so far, broken ones too, but for the empty ones. A `List` is one, whatever it holds. */
  get documents(): number {
    return this.#documents;
  }

  /** What is complete with this further piece of text. */
  *push(text: string): Generator<Manifest | Fault> {
    for (const part of this.#splitter.push(text)) this.#documents += yield* readPart(this.#file, part);
  }

  /** What is left when nothing more comes. */
  *end(): Generator<Manifest | Fault> {
    for (const part of this.#splitter.end()) this.#documents += yield* readPart(this.#file, part);
  }
}
