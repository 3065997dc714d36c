import { github } from "./github.js";
import { json } from "./json.js";
import { junit } from "./junit.js";
import type { Report } from "./report.js";
import { sarif } from "./sarif.js";
import { text } from "./text.js";

const renderers = { text, json, github, sarif, junit } as const;

/** A format of reports. */
export type Format = keyof typeof renderers;

/** The report in a format; only the text has colours. */
export const render = (format: Format, report: Report, options: { readonly colour: boolean }): string =>
  renderers[format](report, options);
