// `npm test`: unit tests, integration tests, and those that ask a real API server. Ends with a plain line that counts.
import { startVitest } from "vitest/node";
import { type AssetsResult, ensureAssets, kubernetesVariable } from "../test/controlplane/index.js";
import { summaryLine, SummaryReporter } from "../test/support/summary.js";
import { explain, kubernetesHelp, readTestArguments } from "./test/arguments.js";

const usage = `usage: npm test [-- [--kubernetes VERSION] [FILTER...]]

${kubernetesHelp}
  FILTER                runs only the files whose path holds it, such as: pods`;

const read = readTestArguments(process.argv.slice(2), process.env, { filtersOnly: true });
if (read.kind !== "run") process.exit(explain(read, usage));
if (read.kubernetes !== undefined) process.env[kubernetesVariable] = read.kubernetes;

/** A build that fails takes nothing but the cluster part with it. */
const cluster = await ensureAssets().catch((error: unknown): AssetsResult & { readonly failed: true } => {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
  return { available: false, failed: true, reason, wayOut: "mend that and run the tests again" };
});
// Elsewhere a run without a cluster is worth having; in CI, or asked for by its version, it would look as green as one with it.
const isWanted = process.env["CI"] === "true" || read.kubernetes !== undefined;
const isFailure = !cluster.available && ("failed" in cluster || isWanted);
const projects = ["unit", "integration", ...(cluster.available ? ["e2e"] : [])];

const reporter = new SummaryReporter();
const vitest = await startVitest("test", [...read.rest], {
  project: projects,
  watch: false,
  reporters: ["default", reporter],
});
await vitest.close();

const { passed, failed, skipped } = reporter.summary;
if (!cluster.available) {
  const verdict = isFailure ? "FAILED" : "SKIPPED";
  const counted = isFailure ? " This counts as one failure." : "";
  console.log(`${verdict}: the cluster part (test/e2e): ${cluster.reason}; ${cluster.wayOut}.${counted}`);
}
if (isFailure) process.exitCode = 1;
console.log(summaryLine({ passed, failed: failed + (isFailure ? 1 : 0), skipped }));
