import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const folder = path.resolve(import.meta.dirname, "../../../config/monitoring");

/** An alert rule as config/monitoring has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A panel of a dashboard. */
export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** What config/monitoring has for a program. */
export interface Monitoring {
  /** Of the time series that Prometheus scrapes. */
  readonly job: string;
  /** What the PrometheusRule holds: a file of rules as Prometheus itself reads it. */
  readonly ruleGroups: { readonly groups: readonly { readonly rules: readonly AlertRule[] }[] };
  /** Every alert rule. */
  readonly alertRules: readonly AlertRule[];
  /** Path of the dashboard from the root of the repository. */
  readonly dashboard: string;
  /** Every panel of the dashboard, in its order. */
  readonly panels: readonly Panel[];
  /** Every query of the dashboard. */
  readonly queries: readonly { readonly title: string; readonly expr: string }[];
}

interface RuleObject {
  readonly spec: Monitoring["ruleGroups"];
}

/** @param prefix what the names of the program's files begin with */
function monitoringOf(job: string, prefix: string): Monitoring {
  const read = (file: string): string => readFileSync(path.join(folder, `${prefix}${file}`), "utf8");
  const { spec: ruleGroups } = parse(read("prometheus-rule.yaml")) as RuleObject;
  const { panels } = JSON.parse(read("dashboard.json")) as Pick<Monitoring, "panels">;
  const alertRules = ruleGroups.groups.flatMap(({ rules }) => rules);
  const queries = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
  const dashboard = `config/monitoring/${prefix}dashboard.json`;
  return { job, ruleGroups, alertRules, dashboard, panels, queries };
}

/** The webhook's alerts and dashboard. */
export const webhookMonitoring = monitoringOf("cocoon-webhook", "");

/** The operator's. */
export const operatorMonitoring = monitoringOf("cocoon-operator", "operator-");

/** A query of a dashboard as Grafana would send it. */
export const withVariables = (expr: string, { job }: Monitoring, rateInterval: string): string =>
  expr.replaceAll("$job", job).replaceAll("$__rate_interval", rateInterval);

/** The names of the metrics in a query, which are the names that a selector or nothing but a bracket follows. */
const metricsIn = (expr: string): readonly string[] =>
  [...expr.matchAll(/\b([a-z]\w*)(?=\{)/g)].map(([, name]) => name ?? "");

/** What others export, without endings such as `_count`: Prometheus itself, kube-state-metrics and API servers. */
const foreignMetrics = [
  "up",
  "kube_deployment_status_replicas_ready",
  "apiserver_admission_webhook_rejection",
];

/** The metrics that alerts and dashboard name, and neither the program exports, by its /metrics, nor others are known for. */
export function unknownMetrics(
  { alertRules, queries }: Monitoring,
  metricsPage: string,
): { readonly named: number; readonly unknown: readonly string[] } {
  const exported = [...metricsPage.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
  const known = new Set([...exported, ...foreignMetrics]);
  const named = [...alertRules, ...queries].flatMap(({ expr }) => metricsIn(expr));
  const unknown = named.filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, "")));
  return { named: named.length, unknown };
}
