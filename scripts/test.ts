// `npm test`: unit tests, integration tests, and those that ask a real API server. Ends with a plain line that counts.
// Arguments are file filters.
import { startVitest } from "vitest/node";
import { type AssetsResult, ensureAssets } from "../test/controlplane/index.js";
import { summaryLine, SummaryReporter } from "../test/support/summary.js";

/** A build that fails takes nothing but the cluster part with it. */
const cluster = await ensureAssets().catch((error: unknown): AssetsResult & { readonly failed: true } => {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
  return { available: false, failed: true, reason, wayOut: "mend that and run the tests again" };
});
// Elsewhere a run without a cluster is worth having; in CI it would look as green as one with it.
const isFailure = !cluster.available && ("failed" in cluster || process.env["CI"] === "true");
const projects = ["unit", "integration", ...(cluster.available ? ["e2e"] : [])];

const reporter = new SummaryReporter();
const vitest = await startVitest("test", process.argv.slice(2), {
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
