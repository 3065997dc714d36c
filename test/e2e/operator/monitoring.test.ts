import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/eventually.js";
import { Prometheus, type Series, whyWithout } from "../../support/monitoring/prometheus.js";
import { operatorMonitoring, unknownMetrics, withVariables } from "../../support/monitoring/promql.js";
import { Place } from "../../support/platform/place.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();
let place: Place;
beforeAll(async () => {
  place = await Place.open(platform(), `monitoring-${process.pid}`);
  await place.createSet("demo", { agent: { replicas: 1 } });
  await place.untilPhase("CocoonSet", "demo", "Running");
});
afterAll(() => place.close());

const hasData = (series: readonly Series[]): boolean =>
  series.some(({ values }) => values.some(([, value]) => Number.isFinite(value)));

/** Puts a VM to sleep and wakes it, again and again, until the signal is given. */
async function keepBusy(signal: AbortSignal): Promise<void> {
  await place.createHibernation("nap", "demo-1", "Hibernate");
  for (let turn = 0; !signal.aborted; turn++) {
    const [desire, phase] =
      turn % 2 === 0 ? (["Hibernate", "Hibernated"] as const) : (["Wake", "Active"] as const);
    await place.editHibernation("nap", desire);
    await place.untilPhase("CocoonHibernation", "nap", phase);
  }
}

describe("alerts and dashboard of the operator", () => {
  it("name only metrics that it exports, or that others are known for", async () => {
    const address = `http://127.0.0.1:${platform().operator.metricsPort}/metrics`;
    const { named, unknown } = unknownMetrics(operatorMonitoring, await (await fetch(address)).text());
    expect(named).toBeGreaterThan(30);
    expect(unknown).toEqual([]);
  });

  it("have data in a real Prometheus for every query, and every alert can be evaluated", async ({ skip }) => {
    skip(whyWithout("prometheus") !== undefined, whyWithout("prometheus"));
    await using prometheus = await Prometheus.start(platform().operator.metricsPort, operatorMonitoring);
    const enough = new AbortController();
    const asking = Promise.all(
      operatorMonitoring.queries.map(async ({ title, expr }) => {
        const ask = (): Promise<readonly Series[]> =>
          prometheus.query(withVariables(expr, operatorMonitoring, "8s"));
        return { title, expr, series: await eventually(ask, hasData) };
      }),
    ).finally(() => {
      enough.abort();
    });
    const [answers] = await Promise.all([asking, keepBusy(enough.signal)]);
    expect(answers.filter(({ series }) => !hasData(series))).toEqual([]);
    const health = operatorMonitoring.alertRules.map(({ alert }) => [alert, "ok"] as const);
    expect(
      await eventually(
        () => prometheus.ruleHealth(),
        (rules) => Object.values(rules).every((one) => one === "ok"),
      ),
    ).toEqual(Object.fromEntries(health));
  });
});
