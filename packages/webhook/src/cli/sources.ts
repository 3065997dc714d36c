import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { errorCode } from "@cocoonstack/common/k8s";
import type { Fault } from "../manifests/index.js";

/** A text to check. */
export interface Source {
  /** As people named it; files in a folder by their way from there. */
  readonly file: string;
  readonly text: string;
}

/**
 * The texts behind files, folders and `-`, each once, and a fault for each that cannot be read. Of a folder these are the
 * YAML and JSON files in it and below, in the order of their names.
 */
export async function readSources(paths: readonly string[]): Promise<readonly (Source | Fault)[]> {
  const found = (await Promise.all([...new Set(paths)].map(filesIn))).flat();
  const seen = new Set<string>();
  const sources: (Source | Fault)[] = [];
  for (const file of found) {
    if (typeof file !== "string") sources.push(file);
    else if (!seen.has(path.resolve(file))) sources.push(await readSource(file));
    if (typeof file === "string") seen.add(path.resolve(file));
  }
  return sources;
}

const standardInput = "-";

async function filesIn(given: string): Promise<readonly (string | Fault)[]> {
  if (given === standardInput) return [given];
  try {
    if (!(await stat(given)).isDirectory()) return [given];
    const files = await manifestsBelow(given);
    return files.length > 0 ? files : [{ file: given, message: "holds no .yaml, .yml or .json file" }];
  } catch (error) {
    return [{ file: given, message: reasonOf(error) }];
  }
}

async function manifestsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
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

async function readSource(file: string): Promise<Source | Fault> {
  const name = file === standardInput ? "stdin" : file;
  try {
    const bytes = await (file === standardInput ? buffer(process.stdin) : readFile(file));
    return { file: name, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return { file: name, message: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case "ENOENT":
      return "does not exist";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "is not text in UTF-8";
    default:
      return `cannot be read (${code ?? String(error)})`;
  }
}
