// `npm run generate` brings every generated file up to date; with `-- --check` it only says which ones are not.
import path from "node:path";
import { apiFiles } from "../packages/common/definition/generated-files.js";
import { admissionPoliciesFile } from "./generate/admission-policies-file.js";
import { configurationPage } from "./generate/configuration-page.js";
import { type GeneratedFile, staleFiles, writeFiles } from "./generate/files.js";
import { pictures } from "./generate/pictures.js";
import { reasonsPage } from "./generate/reasons-page.js";
import { ruleExamples } from "./generate/rule-examples.js";
import { rulesPage } from "./generate/rules-page.js";
import { testedKubernetesFile } from "./generate/tested-kubernetes-file.js";
import { webhookConfigurationsFile } from "./generate/webhook-configurations-file.js";

/** Every generated file of the repository: a further generator adds its own here. */
const files: readonly GeneratedFile[] = [
  ...apiFiles,
  configurationPage,
  reasonsPage,
  rulesPage,
  ...ruleExamples,
  testedKubernetesFile,
  webhookConfigurationsFile,
  admissionPoliciesFile,
  ...pictures,
];

const root = path.resolve(import.meta.dirname, "..");
const unknown = process.argv.slice(2).filter((argument) => argument !== "--check");

if (unknown.length > 0) {
  console.error(`unknown argument ${unknown.join(" ")}; usage: npm run generate [-- --check]`);
  process.exitCode = 2;
} else if (process.argv.includes("--check")) {
  const stale = [...(await staleFiles(root, files)).keys()];
  for (const file of stale)
    console.error(`${file} is out of date: run 'npm run generate' and commit the result`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const file of await writeFiles(root, files)) console.log(`wrote ${file}`);
}
