// `npm run test:rolling -- --restarts 20 --admissions 20000`: the whole of what test/e2e/rolling-restarts.test.ts does briefly.
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const { values } = parseArgs({
  options: {
    restarts: { type: "string", default: "20" },
    admissions: { type: "string", default: "20000" },
  },
});
process.env["COCOON_ROLLING_RESTARTS"] = values.restarts;
process.env["COCOON_ROLLING_ADMISSIONS"] = values.admissions;
const vitest = await startVitest("test", ["rolling-restarts"], { project: ["e2e"], watch: false });
await vitest.close();
