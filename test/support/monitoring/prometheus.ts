import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import { freePorts } from "../../controlplane/ports.js";
import type { Monitoring } from "./promql.js";

/** One series of an answer: its labels, and `[seconds, value]` for each time. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, number])[];
}

/** Why tests that need `program` do not run here; undefined where they do. */
export const whyWithout = (program: "prometheus" | "promtool"): string | undefined =>
  spawnSync(program, ["--version"]).status === 0
    ? undefined
    : `${program} is not in PATH; it comes with Debian's package prometheus`;

/** A real Prometheus that scrapes a program every second, with its alert rules. */
export class Prometheus implements AsyncDisposable {
  readonly #url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.#url = `http://127.0.0.1:${port}`;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(metricsPort: number, { job, ruleGroups }: Monitoring): Promise<Prometheus> {
    const { prometheus: port } = await freePorts("prometheus");
    const folder = await mkdtemp(path.join(tmpdir(), "prometheus-"));
    const target = { job_name: job, static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] };
    const config = {
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: ["rules.yaml"],
      // As config/monitoring has it for the operator, whose series name the namespace of a set.
      scrape_configs: [{ ...target, honor_labels: true }],
    };
    await writeFile(path.join(folder, "prometheus.yaml"), stringify(config));
    await writeFile(path.join(folder, "rules.yaml"), stringify(ruleGroups));
    const child = spawn(
      "prometheus",
      [
        `--config.file=${path.join(folder, "prometheus.yaml")}`,
        `--storage.tsdb.path=${path.join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
    const prometheus = new Prometheus(port, child, folder);
    while (!(await prometheus.#isReady())) {
      if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
      await delay(100);
    }
    return prometheus;
  }

  /** The answer to a query for now. */
  async query(expr: string): Promise<readonly Series[]> {
    const { result } = await this.#get<{ result: readonly RawSeries[] }>("query", { query: expr });
    return result.map(({ metric, value }) => ({
      metric,
      values: value === undefined ? [] : [parsed(value)],
    }));
  }

  /** The answer to a query for the time from `startSeconds` to now. */
  async queryRange(expr: string, startSeconds: number): Promise<readonly Series[]> {
    const range = { start: `${startSeconds}`, end: `${Date.now() / 1000}`, step: "1" };
    const { result } = await this.#get<{ result: readonly RawSeries[] }>("query_range", {
      query: expr,
      ...range,
    });
    return result.map(({ metric, values = [] }) => ({ metric, values: values.map(parsed) }));
  }

  /** What Prometheus says of each alert rule: `ok`, or `unknown` before it was evaluated. */
  async ruleHealth(): Promise<Readonly<Record<string, string>>> {
    const { groups } = await this.#get<{ groups: readonly RawGroup[] }>("rules", {});
    return Object.fromEntries(groups.flatMap(({ rules }) => rules.map(({ name, health }) => [name, health])));
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.#url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async #get<T>(what: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${what}?${new URLSearchParams(parameters).toString()}`);
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success") throw new Error(`${answer.error ?? ""}: ${JSON.stringify(parameters)}`);
    return answer.data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}

type Sample = readonly [number, string];

interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Sample;
  readonly values?: readonly Sample[];
}

interface RawGroup {
  readonly rules: readonly { readonly name: string; readonly health: string }[];
}

const parsed = ([seconds, value]: Sample): readonly [number, number] => [seconds, Number(value)];
