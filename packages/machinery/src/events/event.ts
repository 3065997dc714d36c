import { createHash } from "node:crypto";

/** The object that an event is about. */
export interface EventTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What is told of it. */
export interface EventNote {
  readonly type: "Normal" | "Warning";
  /** One CamelCase word for programs. */
  readonly reason: string;
  /** A sentence for people; what is longer than 1,024 bytes is cut off. */
  readonly message: string;
}

/** What the API server takes of a message. */
const longestMessage = 1_024;

/** A message as the API server takes it. */
export function fittingMessage(message: string): string {
  if (Buffer.byteLength(message) <= longestMessage) return message;
  const room = longestMessage - Buffer.byteLength("…");
  // A character that is cut in the middle becomes a replacement character at the end, which is taken off.
  const cut = Buffer.from(message)
    .subarray(0, room)
    .toString("utf8")
    .replace(/\uFFFD$/, "");
  return `${cut}…`;
}

/**
 * The name of the Event that says this of this object: always the same one, so that a process that begins anew counts on where
 * the one before it was.
 *
 * @example
 * ```ts
 * eventName(target, note); // "demo.5b1e…"
 * ```
 */
export function eventName({ name, uid }: EventTarget, { type, reason, message }: EventNote): string {
  const text = JSON.stringify([uid, type, reason, message]);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  // Names of objects have at most 253 characters.
  return `${name.slice(0, 230).replace(/[^a-z0-9]+$/, "")}.${hash}`;
}
