import { setup } from "../../test/support/build-executable.js";
import { clusteredWebhook } from "../../test/support/clustered-webhook.js";
import { dashboardSvg } from "../../test/support/monitoring/picture.js";
import { Prometheus } from "../../test/support/monitoring/prometheus.js";
import { type Monitoring, webhookMonitoring, withVariables } from "../../test/support/monitoring/promql.js";
import { sendTraffic } from "../../test/support/monitoring/traffic.js";

const durationMs = 60_000;

/** What the queries of the webhook's dashboard return while it runs under traffic and a real Prometheus scrapes it. */
export async function webhookDashboard(): Promise<string> {
  await setup();
  await using cluster = await clusteredWebhook();
  const { webhook } = cluster;
  return await dashboardPicture(webhookMonitoring, webhook.metricsPort, () =>
    sendTraffic(webhook, durationMs),
  );
}

/**
 * Draws what the queries of a dashboard return in a real Prometheus once something has happened.
 *
 * @param happen Lasts a minute or so, so that curves have a shape.
 */
export async function dashboardPicture(
  monitoring: Monitoring,
  metricsPort: number,
  happen: () => Promise<void>,
): Promise<string> {
  await using prometheus = await Prometheus.start(metricsPort, monitoring);
  // Rates need some scrapes before the first.
  const startSeconds = Date.now() / 1000 + 10;
  await happen();
  const drawn = monitoring.panels.map(async ({ targets, ...panel }) => {
    const answers = targets.map(async ({ expr, legendFormat }) => {
      const series = await prometheus.queryRange(withVariables(expr, monitoring, "8s"), startSeconds);
      return series.map((one) => ({ ...one, legendFormat }));
    });
    return { ...panel, series: (await Promise.all(answers)).flat() };
  });
  return dashboardSvg(monitoring, await Promise.all(drawn));
}
