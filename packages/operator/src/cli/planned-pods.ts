import { cocoonSetSchema } from "@cocoonstack/common/apis/v1";
import { DecodeError, decodeUnstructured } from "@cocoonstack/common/k8s";
import { apiGroup, kindCocoonSet } from "@cocoonstack/common/meta";
import { unknownFields } from "@cocoonstack/program/fields";
import { parseAllDocuments, stringify } from "yaml";
import { podsOf } from "../sets/index.js";

/** What the CocoonSets of a text become. */
export interface PlannedPods {
  /** Pods as YAML documents, each with its `---`. */
  readonly yaml: string;
  /** What is wrong, each with its place, such as `sets.yaml, document 2: …`. */
  readonly faults: readonly string[];
}

/** A text that is not YAML. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/**
 * The pods that the CocoonSets of a text become, as an API server would store these: without the fields that it does not know,
 * each of which is a fault.
 *
 * @param name What the text is called, such as its file.
 * @param namespace Of CocoonSets that name none.
 * @throws {ManifestError} when the text is not YAML.
 *
 * @example
 * plannedPods(await readFile("sets.yaml", "utf8"), "sets.yaml", "default").faults; // []
 */
export function plannedPods(text: string, name: string, namespace: string): PlannedPods {
  const planned = documentsOf(text, name)
    .filter(({ value }) => isCocoonSet(value))
    .map(({ value, place }) => {
      const { yaml, faults } = planOne(value, namespace);
      return { yaml, faults: faults.map((fault) => `${place}: ${fault}`) };
    });
  if (planned.length === 0) return { yaml: "", faults: [`${name}: holds no ${kindCocoonSet}`] };
  return { yaml: planned.map(({ yaml }) => yaml).join(""), faults: planned.flatMap(({ faults }) => faults) };
}

interface Manifest {
  readonly value: unknown;
  readonly place: string;
}

function documentsOf(text: string, name: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document, index) => {
    const place = `${name}, document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) throw new ManifestError(`${place} is not YAML: ${error.message}`);
    return { value: document.toJS() as unknown, place };
  });
}

function isCocoonSet(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  return kind === kindCocoonSet && String(apiVersion).startsWith(`${apiGroup}/`);
}

function planOne(value: unknown, namespace: string): PlannedPods {
  const dropped = unknownFields(value, cocoonSetSchema).map(
    ({ field, message }) =>
      // What came of it is said first: the fields that there are make a long list.
      `${kindCocoonSet}: ${field} is dropped here, as an API server drops it, and kubectl refuses the manifest because of it: it ${message}`,
  );
  try {
    const { metadata, ...set } = decodeUnstructured(value, kindCocoonSet);
    const { pods, faults } = podsOf({ ...set, metadata: { namespace, generation: 1, ...metadata } });
    const yaml = pods.map((pod) => `---\n${stringify(withoutOwner(pod))}`).join("");
    return { yaml, faults: [...dropped, ...faults] };
  } catch (error) {
    if (error instanceof DecodeError) return { yaml: "", faults: [...dropped, error.message] };
    throw error;
  }
}

/** An owner is named by its UID, which the API server gives it. */
const withoutOwner = (pod: ReturnType<typeof podsOf>["pods"][number]): object => ({
  ...pod,
  metadata: { ...pod.metadata, ownerReferences: undefined },
});
