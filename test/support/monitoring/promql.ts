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

/** What the PrometheusRule holds: a file of rules as Prometheus itself reads it. */
export const ruleGroups = (
  parse(readFileSync(path.join(folder, "prometheus-rule.yaml"), "utf8")) as RuleObject
).spec;

interface RuleObject {
  readonly spec: { readonly groups: readonly { readonly rules: readonly AlertRule[] }[] };
}

/** Every alert rule. */
export const alertRules: readonly AlertRule[] = ruleGroups.groups.flatMap(({ rules }) => rules);

/** A panel of the dashboard. */
export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** Every panel, in its order. */
export const panels = (JSON.parse(readFileSync(path.join(folder, "dashboard.json"), "utf8")) as Dashboard)
  .panels;

interface Dashboard {
  readonly panels: readonly Panel[];
}

/** A query of the dashboard as Grafana would send it. */
export const withVariables = (expr: string, rateInterval: string): string =>
  expr.replaceAll("$job", "cocoon-webhook").replaceAll("$__rate_interval", rateInterval);

/** The names of the metrics in a query, which are the names that a selector or nothing but a bracket follows. */
export const metricsIn = (expr: string): readonly string[] =>
  [...expr.matchAll(/\b([a-z]\w*)(?=\{)/g)].map(([, name]) => name ?? "");
