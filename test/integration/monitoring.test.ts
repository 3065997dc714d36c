import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { clusteredWebhook } from "../support/clustered-webhook.js";
import { Prometheus, whyWithout } from "../support/monitoring/prometheus.js";
import {
  operatorMonitoring,
  unknownMetrics,
  webhookMonitoring,
  withVariables,
} from "../support/monitoring/promql.js";
import { sendTraffic } from "../support/monitoring/traffic.js";
import { WebhookProcess } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");

const programs = [
  ["webhook", webhookMonitoring, "alert-rules.yaml"],
  ["operator", operatorMonitoring, "operator-alert-rules.yaml"],
] as const;

describe("alerts and dashboard of the webhook", () => {
  // test/e2e/operator/monitoring.test.ts has the same for the operator, which needs a cluster.
  it("name only metrics that it exports, or that others are known for", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    const page = await (await fetch(`http://127.0.0.1:${webhook.metricsPort}/metrics`)).text();
    const { named, unknown } = unknownMetrics(webhookMonitoring, page);
    expect(named).toBeGreaterThan(30);
    expect(unknown).toEqual([]);
  });
});

describe.each(programs)("the alerts of the %s", (_program, { alertRules }) => {
  it("say what happened, what to do, and where the runbook has more", async () => {
    const runbook = await readFile(path.join(repository, "docs/operations.md"), "utf8");
    const headings = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
    for (const { alert, labels, annotations } of alertRules) {
      expect(labels["severity"], alert).toMatch(/^(critical|warning)$/);
      expect(annotations["summary"], alert).toMatch(/\.$/);
      expect(annotations["description"]?.length, alert).toBeGreaterThan(80);
      expect(annotations["runbook_url"], alert).toMatch(/\/docs\/operations\.md#[a-z]+$/);
      expect(headings, alert).toContain(annotations["runbook_url"]?.split("#").at(1));
    }
  });
});

describe.each(programs)(
  "the alert rules of the %s, by promtool",
  (_program, { alertRules, ruleGroups }, file) => {
    const tests = path.join(repository, "test/data", file);

    it("fire when they should, and only then", async ({ skip }) => {
      skip(whyWithout("promtool") !== undefined, whyWithout("promtool"));
      const folder = await mkdtemp(path.join(tmpdir(), "rules-"));
      onTestFinished(() => rm(folder, { recursive: true }));
      await writeFile(path.join(folder, "rules.yaml"), stringify(ruleGroups));
      await copyFile(tests, path.join(folder, "test.yaml"));
      const run = promisify(execFile);
      await run("promtool", ["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], { cwd: folder });
      const { stdout } = await run("promtool", ["test", "rules", "test.yaml"], { cwd: folder });
      expect(stdout).toContain("SUCCESS");
    });

    it("are each tested", async () => {
      const text = await readFile(tests, "utf8");
      const fired = alertRules.filter(({ alert }) =>
        text.includes(`labels: 'ALERTS{alertname="${alert}", alertstate="firing"`),
      );
      expect(fired).toEqual(alertRules);
    });
  },
);

describe("a real Prometheus that scrapes a webhook under traffic", () => {
  it("has data for every query of the dashboard, and can evaluate every alert", async ({ skip }) => {
    skip(whyWithout("prometheus") !== undefined, whyWithout("prometheus"));
    await using cluster = await clusteredWebhook();
    await using prometheus = await Prometheus.start(cluster.webhook.metricsPort, webhookMonitoring);
    await sendTraffic(cluster.webhook, 10_000);
    const answers = await Promise.all(
      webhookMonitoring.queries.map(async ({ title, expr }) => ({
        title,
        expr,
        series: await prometheus.query(withVariables(expr, webhookMonitoring, "8s")),
      })),
    );
    const hasData = ({ series }: (typeof answers)[number]): boolean =>
      series.some(({ values }) => values.some(([, value]) => Number.isFinite(value)));
    expect(answers.filter((answer) => !hasData(answer))).toEqual([]);
    const health = await prometheus.ruleHealth();
    expect(health).toEqual(
      Object.fromEntries(webhookMonitoring.alertRules.map(({ alert }) => [alert, "ok"])),
    );
  });
});
