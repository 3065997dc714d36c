import type { Findings } from "../core/section.js";
import type { Provenance } from "./provenance.js";

/** What a run found, section by section. */
export interface Report {
  readonly provenance: Provenance;
  readonly sections: readonly ReportedSection[];
}

export interface ReportedSection {
  readonly name: string;
  readonly title: string;
  readonly findings: Findings;
}
