// `npm run picture`: draws docs/images/dashboard.svg from what the dashboard's queries return while a webhook runs under
// traffic and a real Prometheus scrapes it. Needs prometheus in PATH.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setup } from "../test/support/build-executable.js";
import { clusteredWebhook } from "../test/support/clustered-webhook.js";
import { dashboardSvg } from "../test/support/monitoring/picture.js";
import { Prometheus, whyWithout } from "../test/support/monitoring/prometheus.js";
import { panels, withVariables } from "../test/support/monitoring/promql.js";
import { sendTraffic } from "../test/support/monitoring/traffic.js";

const durationMs = 60_000;
const missing = whyWithout("prometheus");
if (missing !== undefined) throw new Error(missing);

await setup();
await using cluster = await clusteredWebhook();
await using prometheus = await Prometheus.start(cluster.webhook.metricsPort);
const startSeconds = Date.now() / 1000 + 10;
await sendTraffic(cluster.webhook, durationMs);
const drawn = await Promise.all(
  panels.map(async ({ targets, ...panel }) => {
    const answers = targets.map(async ({ expr, legendFormat }) => {
      const series = await prometheus.queryRange(withVariables(expr, "8s"), startSeconds);
      return series.map((one) => ({ ...one, legendFormat }));
    });
    return { ...panel, series: (await Promise.all(answers)).flat() };
  }),
);
const file = path.resolve(import.meta.dirname, "../docs/images/dashboard.svg");
await writeFile(file, dashboardSvg(drawn));
console.log(`wrote ${path.relative(process.cwd(), file)}`);
