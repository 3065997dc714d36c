import { TextDecoder } from "node:util";

/**
 * The text behind bytes as they arrive: UTF-8, or UTF-16 that says so by its byte order mark, as PowerShell writes it and YAML
 * allows (YAML 1.2.2, section 5.2). The mark is no part of the text.
 *
 * @throws {TypeError} with the code `ERR_ENCODING_INVALID_ENCODED_DATA` when it is neither.
 */
export async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let beginning = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length < markLength) continue;
    decoder = decoderFor(beginning);
    yield decoder.decode(beginning, { stream: true });
  }
  yield decoder === undefined ? decoderFor(beginning).decode(beginning) : decoder.decode();
}

/** Bytes of the longest mark that tells anything. */
const markLength = 2;

function decoderFor(beginning: Buffer): TextDecoder {
  const mark = beginning.subarray(0, markLength).toString("hex");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { fatal: true });
}
