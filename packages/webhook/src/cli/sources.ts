import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "@cocoonstack/common/k8s";
import type { Fault } from "../manifests/index.js";
import { decoded } from "./decoded.js";

/** A text to check. */
export interface Source {
  /** As people named it; files in a folder by their way from there. */
  readonly file: string;
  /** The text as it arrives; `piecesOf` tells what goes wrong on the way. */
  readonly text: () => AsyncIterable<string>;
}

/**
 * The texts behind files, folders and `-`, each once, and a fault for each that cannot be found. Of a folder these are the
 * YAML and JSON files in it and below, in the order of their names.
 */
export async function findSources(paths: readonly string[]): Promise<readonly (Source | Fault)[]> {
  const seen = new Set<string>();
  const sources: (Source | Fault)[] = [];
  for (const given of paths) {
    for (const found of await filesIn(given)) {
      const key = path.resolve(typeof found === "string" ? found : found.file);
      if (!seen.has(key)) sources.push(typeof found === "string" ? sourceIn(found) : found);
      seen.add(key);
    }
  }
  return sources;
}

/** The text of a source as it arrives; where it cannot be read any further, a fault, and then nothing more. */
export async function* piecesOf({ file, text }: Source): AsyncGenerator<string | Fault> {
  try {
    yield* text();
  } catch (error) {
    yield { file, message: reasonOf(error) };
  }
}

/**
 * Why something could not be read, after its name.
 *
 * @throws the error itself where the system and the decoder do not know it: it is a mistake of ours then.
 */
function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return reasons.get(code) ?? `cannot be read (${code})`;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "does not exist"],
  ["EACCES", "cannot be read: this user has no right to"],
  ["ELOOP", "cannot be read: it is a link that leads back to itself"],
  ["ERR_ENCODING_INVALID_ENCODED_DATA", "is not text in UTF-8 or UTF-16"],
]);

/** What stands for standard input among paths. */
export const standardInput = "-";

/** What standard input is called in reports. */
export const sourceName = (given: string): string => (given === standardInput ? "stdin" : given);

const sourceIn = (file: string): Source =>
  file === standardInput
    ? { file: sourceName(file), text: () => decoded(process.stdin) }
    : { file, text: () => decoded(createReadStream(file)) };

async function filesIn(given: string): Promise<readonly (string | Fault)[]> {
  if (given === standardInput) return [given];
  try {
    if (!(await stat(given)).isDirectory()) return [given];
  } catch (error) {
    return [{ file: given, message: reasonOf(error) }];
  }
  const files = await manifestsBelow(given);
  return files.length > 0 ? files : [{ file: given, message: "holds no .yaml, .yml or .json file" }];
}

async function manifestsBelow(folder: string): Promise<readonly (string | Fault)[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => ({
    file: folder,
    message: reasonOf(error),
  }));
  if (!Array.isArray(entries)) return [entries];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: (string | Fault)[] = [];
  for (const entry of entries) {
    const place = path.join(folder, entry.name);
    // A link to a folder is not followed: it may lead back.
    if (entry.isDirectory()) files.push(...(await manifestsBelow(place)));
    else if (/\.(?:ya?ml|json)$/.test(entry.name) && (await isFile(place))) files.push(place);
  }
  return files;
}

/** A link that leads nowhere counts as one, so that it is reported. */
const isFile = async (place: string): Promise<boolean> =>
  await stat(place).then(
    (found) => found.isFile(),
    () => true,
  );
