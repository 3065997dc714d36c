import { createRequire } from "node:module";
import type { AnySchema } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import Ajv04Module from "ajv-draft-04";
import addFormatsModule from "ajv-formats";
import { codeScanning } from "./code-scanning-schema.js";
import { faultsBy } from "./schema-faults.js";

// Both are CommonJS, where Node.js and TypeScript do not agree on what the default export is.
const Ajv04 = Ajv04Module.default;
const addFormats = addFormatsModule.default;

// One of its patterns, for the language of a tool, is no regular expression under the flag "u".
const sarifValidator = new Ajv04({ allErrors: true, unicodeRegExp: false });
addFormats(sarifValidator);
const require = createRequire(import.meta.url);
const sarifSchema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as AnySchema;

/** What is wrong with a report by the JSON schema of SARIF 2.1.0. */
export const sarifFaults = faultsBy(sarifValidator.compile(sarifSchema));

const validator = new Ajv2020({ allErrors: true });
addFormats(validator);

/** What is wrong with a report by what GitHub's code scanning requires. */
export const codeScanningFaults = faultsBy(validator.compile(codeScanning));
