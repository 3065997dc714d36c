import { RequestError } from "@cocoonstack/common/k8s";

const newline = 0x0a;

/** Makes lines of chunks that end anywhere, also within a character. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #begun: Buffer[] = [];
  #begunBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /**
   * The lines that `chunk` completes, without empty ones.
   *
   * @throws {RequestError} when a line grows beyond the limit.
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = this.#take(chunk.subarray(start, end));
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    this.#begin(chunk.subarray(start));
    return lines;
  }

  #begin(part: Buffer): void {
    if (part.length === 0) return;
    this.#begun.push(part);
    this.#begunBytes += part.length;
    if (this.#begunBytes > this.#maxLineBytes) {
      throw new RequestError("too-large", `a line of the stream is longer than ${this.#maxLineBytes} bytes`);
    }
  }

  #take(rest: Buffer): string {
    if (this.#begun.length === 0) return rest.toString("utf8");
    const line = Buffer.concat([...this.#begun, rest]).toString("utf8");
    this.#begun = [];
    this.#begunBytes = 0;
    return line;
  }
}
