import { Buffer } from "node:buffer";
import { mutateJson } from "./mutate-json.js";
import type { Random } from "./random.js";

/** Longer ones are cut: the law about time speaks of inputs up to here. */
const maxInputBytes = 100_000;

/** What inputs are made of. */
export interface Material {
  readonly dictionary: readonly string[];
  /** Inputs that were worth keeping; at least one. */
  readonly corpus: readonly Buffer[];
  readonly isJson: boolean;
}

/** How many inputs there are for each that is blown up: long ones take a thousand times as long as the others. */
const blownUpOneIn = 2_000;

/** A new input, made of what there is by a few changes. */
export function mutate(material: Material, random: Random): Buffer {
  const { corpus, isJson } = material;
  const origin = random.oneOf(corpus);
  if (isJson && random.oneIn(2)) {
    const changed = mutateJson(origin.toString("utf8"), random);
    if (changed !== undefined) return Buffer.from(changed.slice(0, maxInputBytes));
  }
  // One character for each byte, so that changes can cut through one of UTF-8.
  let bytes = origin.toString("latin1");
  for (let changes = 1 + random.below(4); changes > 0; changes--) bytes = changeOnce(bytes, material, random);
  if (random.oneIn(blownUpOneIn)) bytes = blowUp(bytes, random);
  return Buffer.from(bytes.slice(0, maxInputBytes), "latin1");
}

type Change = (bytes: string, material: Material, random: Random) => string;

const interestingNumbers = [
  ...["0", "1", "-1", "00", "7", "8", "9", "127", "128", "255", "256", "2147483647", "2147483648"],
  ...["9007199254740993", "9223372036854775807", "9223372036854775808", "1e9999", "-0", "0.1", "1e-400"],
];

const changes: readonly Change[] = [
  (bytes, _, random) => {
    const { start, end } = span(bytes, random);
    return bytes.slice(0, start) + bytes.slice(end);
  },
  (bytes, _, random) => {
    const { start, end } = span(bytes, random);
    return bytes.slice(0, end) + bytes.slice(start);
  },
  (bytes, _, random) => insert(bytes, String.fromCharCode(random.below(256)), random),
  (bytes, _, random) => {
    const at = random.below(bytes.length + 1);
    return bytes.slice(0, at) + String.fromCharCode(random.below(256)) + bytes.slice(at + 1);
  },
  (bytes, { dictionary }, random) => insert(bytes, random.oneOf(dictionary), random),
  (bytes, { dictionary }, random) => {
    const { start, end } = span(bytes, random);
    return bytes.slice(0, start) + random.oneOf(dictionary) + bytes.slice(end);
  },
  (bytes, _, random) => {
    const { start } = span(bytes, random);
    const number = /[0-9]+/g;
    number.lastIndex = start;
    const found = number.exec(bytes);
    if (found === null) return insert(bytes, random.oneOf(interestingNumbers), random);
    const rest = bytes.slice(found.index + found[0].length);
    return bytes.slice(0, found.index) + random.oneOf(interestingNumbers) + rest;
  },
  (bytes, { corpus }, random) => {
    const other = random.oneOf(corpus).toString("latin1");
    return bytes.slice(0, random.below(bytes.length + 1)) + other.slice(random.below(other.length + 1));
  },
];

const changeOnce: Change = (bytes, material, random) => random.oneOf(changes)(bytes, material, random);

const insert = (bytes: string, piece: string, random: Random): string => {
  const at = random.below(bytes.length + 1);
  return bytes.slice(0, at) + Buffer.from(piece).toString("latin1") + bytes.slice(at);
};

/** A part of the input: mostly a short one. */
function span(bytes: string, random: Random): { readonly start: number; readonly end: number } {
  const start = random.below(bytes.length + 1);
  const longest = random.oneIn(8) ? bytes.length : 8;
  return { start, end: Math.min(bytes.length, start + random.below(longest + 1)) };
}

/** Repeats a part of the input until it is as long as may be: what takes more than linear time shows by that. */
function blowUp(bytes: string, random: Random): string {
  const { start, end } = span(bytes, random);
  const piece = bytes.slice(start, end === start ? start + 1 : end) || "(";
  const times = Math.floor((maxInputBytes - bytes.length) / piece.length);
  return bytes.slice(0, start) + piece.repeat(Math.max(1, times)) + bytes.slice(end);
}
