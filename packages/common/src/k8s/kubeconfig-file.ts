import { readFile } from "node:fs/promises";
import path from "node:path";
import { ConfigError } from "./config-error.js";
import { errorCode, isObject } from "../internal/index.js";
import { recordAt, recordsAt, textAt, type UnknownRecord } from "./record.js";
import { fileText, fixedText, type TextSource } from "./text-source.js";

/** A named entry of a kubeconfig, with the file that it stands in: relative paths in it start there. */
export interface Entry {
  readonly file: string;
  readonly fields: UnknownRecord;
}

/** Several kubeconfig files as one. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

/**
 * Reads kubeconfig files and merges them as kubectl does: the first file that names a current context, a cluster or a user
 * decides it, and missing files are passed over as long as one exists.
 *
 * @throws {ConfigError} that names the file.
 */
export async function readKubeconfigs(files: readonly string[]): Promise<Kubeconfig> {
  const read = await Promise.all(files.map(async (file) => ({ file, text: await readIfThere(file) })));
  const found = read.flatMap(({ file, text }) => (text === undefined ? [] : [{ file, text }]));
  if (found.length === 0) {
    throw new ConfigError(`${files.join(", ")}: no such file`);
  }
  const documents = await Promise.all(
    found.map(async ({ file, text }) => ({ file, content: await parse(file, text) })),
  );
  const merged = (list: string, field: string): Map<string, Entry> => {
    const entries = documents.flatMap(({ file, content }) =>
      recordsAt(content, list).map((item): [string, Entry] => [
        textAt(item, "name") ?? "",
        { file, fields: recordAt(item, field) },
      ]),
    );
    return new Map(entries.reverse()); // of equal names the last one stays: the first file's
  };
  return {
    currentContext: documents
      .map(({ content }) => textAt(content, "current-context"))
      .find((name) => name !== undefined),
    contexts: merged("contexts", "context"),
    clusters: merged("clusters", "cluster"),
    users: merged("users", "user"),
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new ConfigError(`${file} cannot be read (${errorCode(cause) ?? "unknown error"})`, { cause });
  }
}

async function parse(file: string, text: string): Promise<UnknownRecord> {
  let content: unknown;
  try {
    const { parseYaml } = await import("./parse-yaml.js");
    content = parseYaml(text);
  } catch (error) {
    // The YAML parser quotes the lines around the fault, which may hold a token: only its first line goes on.
    const [fault] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError(`${file} is not a kubeconfig: ${fault ?? "it cannot be parsed"}`);
  }
  if (!isObject(content)) throw new ConfigError(`${file} is not a kubeconfig: it holds no YAML mapping`);
  return content;
}

/** `NAME-data` (base64) before the file at `NAME`, as kubectl has it. */
export function dataOrFile(entry: Entry, name: string, reloadIntervalMs: number): TextSource | undefined {
  const data = textAt(entry.fields, `${name}-data`);
  if (data !== undefined) return fixedText(Buffer.from(data, "base64").toString("utf8"));
  const file = pathAt(entry, name);
  return file === undefined ? undefined : fileText(file, reloadIntervalMs);
}

/** The path at `name`, relative to the kubeconfig that it stands in. */
export function pathAt({ file, fields }: Entry, name: string): string | undefined {
  const value = textAt(fields, name);
  return value === undefined ? undefined : path.resolve(path.dirname(file), value);
}
