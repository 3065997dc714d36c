import { setup } from "../../test/support/build-executable.js";
import { clusteredWebhook } from "../../test/support/clustered-webhook.js";
import { dashboardSvg } from "../../test/support/monitoring/picture.js";
import { Prometheus } from "../../test/support/monitoring/prometheus.js";
import { webhookMonitoring, withVariables } from "../../test/support/monitoring/promql.js";
import { sendTraffic } from "../../test/support/monitoring/traffic.js";

const durationMs = 60_000;

/** What the dashboard's queries return while a webhook runs under traffic and a real Prometheus scrapes it. */
export async function dashboardPicture(): Promise<string> {
  await setup();
  await using cluster = await clusteredWebhook();
  await using prometheus = await Prometheus.start(cluster.webhook.metricsPort, webhookMonitoring);
  const startSeconds = Date.now() / 1000 + 10;
  await sendTraffic(cluster.webhook, durationMs);
  const drawn = webhookMonitoring.panels.map(async ({ targets, ...panel }) => {
    const answers = targets.map(async ({ expr, legendFormat }) => {
      const series = await prometheus.queryRange(withVariables(expr, webhookMonitoring, "8s"), startSeconds);
      return series.map((one) => ({ ...one, legendFormat }));
    });
    return { ...panel, series: (await Promise.all(answers)).flat() };
  });
  return dashboardSvg(await Promise.all(drawn));
}
