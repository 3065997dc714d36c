import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { clusteredWebhook } from "../support/clustered-webhook.js";
import { Prometheus, whyWithout } from "../support/monitoring/prometheus.js";
import { alertRules, metricsIn, panels, ruleGroups, withVariables } from "../support/monitoring/promql.js";
import { sendTraffic } from "../support/monitoring/traffic.js";
import { WebhookProcess } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const queries = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

/** What others export, without endings such as `_count`: Prometheus itself, kube-state-metrics and API servers. */
const foreignMetrics = [
  "up",
  "kube_deployment_status_replicas_ready",
  "apiserver_admission_webhook_rejection",
];

describe("alerts and dashboard", () => {
  it("name only metrics that the webhook exports, or that others are known for", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    const text = await (await fetch(`http://127.0.0.1:${webhook.metricsPort}/metrics`)).text();
    const exported = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
    const known = new Set([...exported, ...foreignMetrics]);
    const named = [...alertRules, ...queries].flatMap(({ expr }) => metricsIn(expr));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, "")))).toEqual([]);
  });

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

describe("the alert rules, by promtool", () => {
  it("fire when they should, and only then", async ({ skip }) => {
    skip(whyWithout("promtool") !== undefined, whyWithout("promtool"));
    const folder = await mkdtemp(path.join(tmpdir(), "rules-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, "rules.yaml"), stringify(ruleGroups));
    await copyFile(path.join(repository, "test/data/alert-rules.yaml"), path.join(folder, "test.yaml"));
    const run = promisify(execFile);
    await run("promtool", ["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], { cwd: folder });
    const { stdout } = await run("promtool", ["test", "rules", "test.yaml"], { cwd: folder });
    expect(stdout).toContain("SUCCESS");
  });

  it("are each tested", async () => {
    const tests = await readFile(path.join(repository, "test/data/alert-rules.yaml"), "utf8");
    const fired = alertRules.filter(({ alert }) =>
      tests.includes(`labels: 'ALERTS{alertname="${alert}", alertstate="firing"`),
    );
    expect(fired).toEqual(alertRules);
  });
});

describe("a real Prometheus that scrapes a webhook under traffic", () => {
  it(
    "has data for every query of the dashboard, and can evaluate every alert",
    { timeout: 60_000 },
    async ({ skip }) => {
      skip(whyWithout("prometheus") !== undefined, whyWithout("prometheus"));
      await using cluster = await clusteredWebhook();
      await using prometheus = await Prometheus.start(cluster.webhook.metricsPort);
      await sendTraffic(cluster.webhook, 10_000);
      const answers = await Promise.all(
        queries.map(async ({ title, expr }) => ({
          title,
          expr,
          series: await prometheus.query(withVariables(expr, "8s")),
        })),
      );
      const hasData = ({ series }: (typeof answers)[number]): boolean =>
        series.some(({ values }) => values.some(([, value]) => Number.isFinite(value)));
      expect(answers.filter((answer) => !hasData(answer))).toEqual([]);
      const health = await prometheus.ruleHealth();
      expect(health).toEqual(Object.fromEntries(alertRules.map(({ alert }) => [alert, "ok"])));
    },
  );
});
