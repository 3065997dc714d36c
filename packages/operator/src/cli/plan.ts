import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { DecodeError, decodeUnstructured } from "@cocoonstack/common/k8s";
import { apiGroup, kindCocoonSet } from "@cocoonstack/common/meta";
import { print, say, StartupError } from "@cocoonstack/program/command-line";
import { parseAllDocuments, stringify } from "yaml";
import { podsOf } from "../sets/index.js";

/**
 * Prints the pods that the CocoonSets of a file become.
 *
 * @returns the exit code.
 * @throws {StartupError} when the file cannot be read.
 */
export async function plan(file: string, namespace: string): Promise<0 | 1> {
  const documents = await read(file);
  const faults: string[] = [];
  for (const { value, place } of documents.filter(({ value }) => isCocoonSet(value))) {
    faults.push(...planOne(value, namespace).map((fault) => `${place}: ${fault}`));
  }
  if (!documents.some(({ value }) => isCocoonSet(value))) faults.push(`${file}: holds no ${kindCocoonSet}`);
  for (const fault of faults) say(`cocoon-operator: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

/** Prints the pods of one, and gives what stands in the way of others. */
function planOne(value: unknown, namespace: string): readonly string[] {
  try {
    const { metadata, ...set } = decodeUnstructured(value, kindCocoonSet);
    const placed = { ...set, metadata: { namespace, generation: 1, ...metadata } };
    const { pods, faults } = podsOf(placed);
    for (const pod of pods) print(`---\n${stringify(withoutOwner(pod))}`);
    return faults;
  } catch (error) {
    if (error instanceof DecodeError) return [error.message];
    throw error;
  }
}

interface Place {
  readonly value: unknown;
  /** Such as `sets.yaml, document 2`. */
  readonly place: string;
}

async function read(file: string): Promise<readonly Place[]> {
  const text = await (file === "-" ? readAll(process.stdin) : readFile(file, "utf8")).catch(
    (error: unknown) => {
      throw new StartupError([`${file} cannot be read: ${String(error)}`], 2);
    },
  );
  const name = file === "-" ? "standard input" : file;
  return parseAllDocuments(text).map((document, index) => {
    const place = `${name}, document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) throw new StartupError([`${place} is not YAML: ${error.message}`], 2);
    return { value: document.toJS() as unknown, place };
  });
}

function isCocoonSet(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  return kind === kindCocoonSet && String(apiVersion).startsWith(`${apiGroup}/`);
}

/** An owner is named by its UID, which the API server gives it. */
const withoutOwner = (pod: ReturnType<typeof podsOf>["pods"][number]): object => ({
  ...pod,
  metadata: { ...pod.metadata, ownerReferences: undefined },
});
