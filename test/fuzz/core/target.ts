import type { Buffer } from "node:buffer";

/** Something that takes input from strangers, and what has to hold whatever they send. */
export interface Target {
  /** Name of its folder in the corpus, and what the command line calls it. */
  readonly name: string;
  /** What is held to what, in a line. */
  readonly laws: string;
  /** Whether its inputs are mostly JSON, and worth changing as such. */
  readonly isJson?: boolean;
  /** What the law about time allows it, for input that comes from its own user. @default 100 */
  readonly boundMs?: number;
  /** To begin with, where the corpus has nothing. */
  readonly seeds: readonly string[];
  /** What the input language is made of. */
  readonly dictionary: readonly string[];
  /**
   * Tries one input.
   *
   * @throws {Breach} when a law is broken; anything else that it throws breaks the law not to throw.
   */
  readonly attempt: (input: Buffer) => void | Promise<void>;
}

/** A law that does not hold. */
class Breach extends Error {
  override readonly name = "Breach";
}

/**
 * Holds a law.
 *
 * @throws {Breach} when it is broken.
 */
export function law(holds: boolean, text: string): asserts holds {
  if (!holds) throw new Breach(text);
}
