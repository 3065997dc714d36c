import { Buffer } from "node:buffer";

/** API servers read JSON no deeper than this (Go's encoding/json), so nothing deeper comes from them. */
const maxDepth = 10_000;

/** Ten times what the largest objects that API servers store could hold. */
const maxContainers = 1_000_000;

/** A shorter body takes little memory, whatever it is made of. */
const harmlessBytes = 1024 * 1024;

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = Buffer.from('"\\[]{}');

/**
 * Why a long body must not be parsed, as the end of a sentence; undefined where it may. Of ten megabytes of brackets JSON.parse
 * makes hundreds of megabytes of lists: one request would end the process.
 */
export function shapeFault(body: Buffer): string | undefined {
  if (body.length <= harmlessBytes) return undefined;
  let depth = 0;
  let containers = 0;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index];
    if (byte === quote) {
      index = endOfString(body, index + 1);
    } else if (byte === openBracket || byte === openBrace) {
      containers++;
      depth++;
      if (depth > maxDepth) return `nests more than ${maxDepth} deep`;
      if (containers > maxContainers) return `holds more than ${maxContainers} objects and lists`;
    } else if (byte === closeBracket || byte === closeBrace) {
      depth--;
    }
  }
  return undefined;
}

/** Where the string ends whose content begins at `start`; the end of the body where it does not. */
function endOfString(body: Buffer, start: number): number {
  for (let index = start; index < body.length; index++) {
    const byte = body[index];
    if (byte === quote) return index;
    if (byte === backslash) index++;
  }
  return body.length;
}
