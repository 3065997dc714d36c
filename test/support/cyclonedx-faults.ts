import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import addFormatsModule from "ajv-formats";
import { faultsBy } from "./schema-faults.js";

const folder = path.resolve(import.meta.dirname, "../data/cyclonedx");
const schema = (name: string): object =>
  JSON.parse(readFileSync(path.join(folder, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;

const validator = new Ajv({ strict: false });
addFormatsModule.default(validator);
for (const format of ["iri-reference", "idn-email"]) validator.addFormat(format, true);
// The schema names these two by their files, and they themselves by something else.
for (const name of ["spdx", "jsf-0.82"]) {
  const $id = `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`;
  validator.addSchema({ ...schema(name), $id });
}

/** What is wrong with a bill of materials by the JSON schema of CycloneDX 1.5, as that project publishes it. */
export const cycloneDxFaults = faultsBy(validator.compile(schema("bom-1.5")));
