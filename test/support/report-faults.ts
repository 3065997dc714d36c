import { readFileSync } from "node:fs";
import path from "node:path";
import type { AnySchema } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { faultsBy } from "./schema-faults.js";

const file = path.resolve(import.meta.dirname, "../../docs/schemas/check-report.v1.json");
const published = JSON.parse(readFileSync(file, "utf8")) as AnySchema;

const validator = new Ajv2020({ allErrors: true });

/** What is wrong by the published schema as readers use it: fields that a later release adds are no fault. */
export const reportFaults = faultsBy(validator.compile(published));

/** What is wrong by the published schema, where whatever it does not name is a fault. */
export const closedReportFaults = faultsBy(validator.compile(closed(published) as AnySchema));

/** The schema with `additionalProperties: false` wherever it names properties. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return "properties" in inner ? { ...inner, additionalProperties: false } : inner;
}
