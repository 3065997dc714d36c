import path from "node:path";
import { origin, provenance } from "../../../bench/report/provenance.js";
import { writeBetweenMarks } from "../../support/documents/between-marks.js";

const page = path.resolve(import.meta.dirname, "../../../docs/reliability.md");

/** Writes the tables into docs/reliability.md, and gives its path. */
export async function writeDocs([hostile = "", faults = ""]: readonly string[]): Promise<string> {
  const parts = [origin(provenance()), "### Hostile clients", hostile, "### Faults", faults];
  await writeBetweenMarks(page, "chaos", parts.join("\n\n"));
  return page;
}
