import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { ControlPlane, KnownIdentity } from "../controlplane/index.js";
import { operatorExecutable } from "./build-executable.js";
import { eventually, patienceMs } from "./eventually.js";
import { samplesIn } from "./samples.js";
import { checked, type Exit, type LogLine, type Program, spawnExecutable } from "./webhook-process.js";

/** How to start an operator. */
export interface OperatorProcessOptions {
  readonly plane: ControlPlane;
  /** `http://127.0.0.1:PORT` of a registry; may be left out where `env` has one. */
  readonly registryUrl?: string;
  /** Whom the operator is. @default "admin" */
  readonly as?: KnownIdentity;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const program: Program = [process.execPath, operatorExecutable];

/** How a process of the operator runs, and what it says. */
export class OperatorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: LogLine[] = [];
  readonly #exit: Promise<Exit>;
  #stderr = "";
  #ports = { metrics: 0, probes: 0 };

  private constructor({ plane, registryUrl, as = "admin", args = [], env = {} }: OperatorProcessOptions) {
    const listen = ["--metrics-bind-address", "127.0.0.1:0", "--health-probe-bind-address", "127.0.0.1:0"];
    const variables = { KUBECONFIG: plane.kubeconfig(as), OCI_REGISTRY: registryUrl, ...env };
    this.#child = spawnExecutable(["serve", ...listen, ...args], variables, program);
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on("line", (line) => {
        this.#hear(JSON.parse(line) as LogLine);
      });
    }
    this.#exit = new Promise<Exit>((resolve) => {
      this.#child.once("close", (code, signal) => {
        const stdout = this.#log.map((line) => JSON.stringify(line)).join("\n");
        resolve({ code, signal, stdout, stderr: this.#stderr });
      });
    }).then(checked);
  }

  /** Starts it, and waits until it listens; it may not work yet. */
  static async start(options: OperatorProcessOptions): Promise<OperatorProcess> {
    const operator = new OperatorProcess(options);
    const ended = operator.#exit.then(({ code, stderr }) => {
      throw new Error(`the operator ended with ${code ?? "a signal"} before it listened: ${stderr}`);
    });
    try {
      await Promise.race([operator.logged(({ msg }) => msg === "listening"), ended]);
    } catch (error) {
      await operator[Symbol.asyncDispose]();
      throw error;
    }
    return operator;
  }

  #hear(line: LogLine): void {
    this.#log.push(line);
    if (line["msg"] !== "listening") return;
    const { metrics, probes } = line as unknown as Record<"metrics" | "probes", { readonly port: number }>;
    this.#ports = { metrics: metrics.port, probes: probes.port };
  }

  get log(): readonly LogLine[] {
    return this.#log;
  }

  /** Resolves when a line of the log fits, the ones so far included. */
  async logged(fits: (line: LogLine) => boolean, timeoutMs = patienceMs): Promise<LogLine> {
    const found = await eventually(
      () => Promise.resolve(this.#log.find(fits)),
      (line) => line !== undefined,
      timeoutMs,
    );
    if (found !== undefined) return found;
    throw new Error(`nothing of the kind was logged in ${timeoutMs} ms: ${JSON.stringify(this.#log)}`);
  }

  /** Resolves once this replica works. */
  async works(): Promise<void> {
    await this.logged(({ msg }) => msg === "working");
  }

  get metricsPort(): number {
    return this.#ports.metrics;
  }

  /** What a probe answers: `healthz`, `readyz`. */
  async probe(name: string): Promise<{ readonly status: number; readonly body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.probes}/${name}`);
    return { status: response.status, body: await response.text() };
  }

  /** Each sample by its name with labels, as Prometheus writes it. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.metrics}/metrics`);
    return samplesIn(await response.text());
  }

  /** Sends a signal without waiting. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has ended; rejects where it printed a secret. */
  exited(): Promise<Exit> {
    return this.#exit;
  }

  /** Sends a signal, and waits for the end. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<Exit> {
    this.kill(signal);
    return this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGKILL");
  }
}
