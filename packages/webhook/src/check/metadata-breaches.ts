import { asObject } from "../policy/index.js";
import type { Breach } from "./finding.js";
import { keyFaults, labelValueFaults, nameFaults, namespaceFaults, prefixFaults } from "./object-names.js";

/** What API servers refuse of an object's names, labels and annotations. Values of a wrong type are the schema's business. */
export function metadataBreaches(object: unknown): readonly Breach[] {
  const metadata = asObject(asObject(object)?.["metadata"]) ?? {};
  const faults = [
    ...nameless(metadata),
    ...textFaults(metadata, "name", nameFaults),
    ...textFaults(metadata, "generateName", prefixFaults),
    ...textFaults(metadata, "namespace", namespaceFaults),
    ...labelFaults(metadata["labels"]),
    ...annotationFaults(metadata["annotations"]),
  ];
  return faults.map(([field, message]) => ({ rule: "invalid-metadata", field: `metadata${field}`, message }));
}

type Fault = readonly [field: string, message: string];
type Metadata = Readonly<Record<string, unknown>>;

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

const nameless = ({ name, generateName }: Metadata): readonly Fault[] =>
  isAbsent(name) && isAbsent(generateName) ? [[".name", "name or generateName is required"]] : [];

function textFaults(
  metadata: Metadata,
  key: string,
  faultsOf: (text: string) => readonly string[],
): readonly Fault[] {
  const text = metadata[key];
  if (typeof text !== "string" || text === "") return [];
  return faultsOf(text).map((message) => [`.${key}`, message]);
}

const labelFaults = (labels: unknown): readonly Fault[] =>
  Object.entries(asObject(labels) ?? {}).flatMap(([key, value]): readonly Fault[] => [
    ...keyFaults(key).map((message): Fault => [".labels", `"${key}": ${message}`]),
    ...(typeof value === "string" ? labelValueFaults(value) : []).map((message): Fault => [
      ".labels",
      `"${value as string}": ${message}`,
    ]),
  ]);

/** API servers look at the keys in lower case. */
const annotationFaults = (annotations: unknown): readonly Fault[] =>
  Object.keys(asObject(annotations) ?? {}).flatMap((key) =>
    keyFaults(key.toLowerCase()).map((message): Fault => [".annotations", `"${key}": ${message}`]),
  );
