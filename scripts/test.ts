// `npm test`: unit tests, integration tests, and those that ask a real API server. Ends with a plain line that counts.
// Arguments are file filters.
import { startVitest } from "vitest/node";
import { ensureAssets } from "../test/controlplane/index.js";
import { summaryLine, SummaryReporter } from "../test/support/summary.js";

const cluster = await ensureAssets();
const clusterIsOptional = process.env["CI"] !== "true";
const projects = ["unit", "integration", ...(cluster.available ? ["e2e"] : [])];

const reporter = new SummaryReporter();
const vitest = await startVitest("test", process.argv.slice(2), {
  project: projects,
  watch: false,
  reporters: ["default", reporter],
});
await vitest.close();

const { summary } = reporter;
if (cluster.available) {
  console.log(summaryLine(summary));
} else {
  console.log(`The cluster part (test/e2e) did not run: ${cluster.reason}; ${cluster.wayOut}.`);
  // With CI=true a missing cluster is a failure, because a run without it would look as green as one with it.
  console.log(summaryLine(clusterIsOptional ? summary : { ...summary, failed: summary.failed + 1 }));
  if (!clusterIsOptional) process.exitCode = 1;
}
