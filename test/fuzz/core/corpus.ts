import { createHash } from "node:crypto";
import type { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../corpus");

/** The inputs that are kept for a target, in the order of their names. */
export function readCorpus(target: string): readonly Buffer[] {
  const folder = path.join(root, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(path.join(folder, file)));
}

/** Keeps these inputs for a target and no others. Each is called by its content, so that equal ones are one. */
export function writeCorpus(target: string, inputs: readonly Buffer[]): void {
  const folder = path.join(root, target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const input of inputs) writeFileSync(path.join(folder, nameOf(input)), input);
}

/** A name for an input: the beginning of its hash. */
export const nameOf = (input: Buffer): string =>
  createHash("sha256").update(input).digest("hex").slice(0, 12);
