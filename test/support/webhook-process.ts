import { type ChildProcess, spawn } from "node:child_process";
import { Agent, request as httpsRequest } from "node:https";
import { request as httpRequest } from "node:http";
import { createInterface } from "node:readline";
import { patienceMs } from "./eventually.js";
import { executable } from "./build-executable.js";
import { assertNoSecrets } from "./output-secrets.js";
import { samplesIn } from "./samples.js";

/** One line of the webhook's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** An HTTP answer, its body as text. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a request may say. */
export interface Call {
  /** @default "POST" */
  readonly method?: string;
  /** @default { "content-type": "application/json" } */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The client certificate to show. @default none */
  readonly client?: { readonly certPem: string; readonly keyPem: string };
}

/** Runs `cocoon-webhook` to its end; rejects where it printed a secret. */
export function runExecutable(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  program = bundle,
): Promise<Exit> {
  const output = { stdout: "", stderr: "" };
  const child = spawnExecutable(args, env, program);
  child.stdout?.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal, ...output });
    });
  }).then(checked);
}

/** Every process of every test comes by here at its end, so none can print a secret unseen. */
export function checked(exit: Exit): Exit {
  assertNoSecrets(exit.stdout + exit.stderr);
  return exit;
}

/** The command that is the executable. */
export type Program = readonly [command: string, ...args: string[]];

const bundle: Program = [process.execPath, executable];

/** Only what a test names reaches the process, and what every program needs. */
export function spawnExecutable(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  [command, ...first]: Program = bundle,
): ChildProcess {
  return spawn(command, [...first, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** A running `cocoon-webhook serve`, on ports that the system chose. */
export class WebhookProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  readonly #log: LogLine[] = [];
  readonly #exit: Promise<Exit>;
  #stdout = "";
  #stderr = "";
  #ports = { admission: 0, metrics: 0 };

  private constructor(args: readonly string[], env: NodeJS.ProcessEnv, program: Program) {
    const listen = ["--listen-addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"];
    this.#child = spawnExecutable(["serve", ...listen, ...args], env, program);
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.#exit = new Promise<Exit>((resolve) => {
      this.#child.once("close", (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    }).then(checked);
  }

  /** Starts it and waits until it listens; rejects with what it printed where it does not. */
  static async start(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    program = bundle,
  ): Promise<WebhookProcess> {
    const webhook = new WebhookProcess(args, env, program);
    await webhook.#untilListening();
    return webhook;
  }

  async #untilListening(): Promise<void> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the webhook has no standard output");
    const lines = createInterface({ input: stdout });
    const listening = new Promise<void>((resolve) => {
      lines.on("line", (line) => {
        this.#stdout += `${line}\n`;
        const entry = JSON.parse(line) as LogLine;
        this.#log.push(entry);
        if (entry["msg"] !== "listening") return;
        const { admission, metrics } = entry as unknown as Record<"admission" | "metrics", { port: number }>;
        this.#ports = { admission: admission.port, metrics: metrics.port };
        resolve();
      });
    });
    const ended = this.#exit.then(({ code, stderr }) => {
      throw new Error(`the webhook ended with ${code ?? "a signal"} before it listened: ${stderr}`);
    });
    await Promise.race([listening, ended]);
  }

  /** `https://127.0.0.1:PORT`. */
  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#ports.admission;
  }

  get metricsPort(): number {
    return this.#ports.metrics;
  }

  get log(): readonly LogLine[] {
    return this.#log;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when a line of the log fits, the ones so far included. */
  async logged(fits: (line: LogLine) => boolean, timeoutMs = patienceMs): Promise<LogLine> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const line = this.#log.find(fits);
      if (line !== undefined) return line;
      if (performance.now() > deadlineMs) {
        throw new Error(`nothing of the kind was logged in ${timeoutMs} ms: ${this.#stdout}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Calls the admission port. */
  call(
    path: string,
    { method = "POST", headers = { "content-type": "application/json" }, body, client }: Call = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const identity = client && { cert: client.certPem, key: client.keyPem };
      const options = {
        ...{ host: "127.0.0.1", port: this.port, path, method, headers, agent: this.#agent },
        ...identity,
      };
      const request = httpsRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** Sends a review and gives the `response` of the answer. */
  async review(path: string, review: unknown): Promise<Record<string, unknown>> {
    const answer = await this.call(path, {
      body: typeof review === "string" ? review : JSON.stringify(review),
    });
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${answer.body}`);
    return (JSON.parse(answer.body) as { response: Record<string, unknown> }).response;
  }

  /** Reads the metrics port: each sample by its name with labels, as Prometheus writes it. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await new Promise<string>((resolve, reject) => {
      httpRequest({ host: "127.0.0.1", port: this.metricsPort, path: "/metrics" }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => {
          resolve(body);
        });
      })
        .on("error", reject)
        .end();
    });
    return samplesIn(text);
  }

  /** Whether the process has not ended yet. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends a signal without waiting. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has ended; rejects where it printed a secret. */
  exited(): Promise<Exit> {
    return this.#exit;
  }

  /** Stops it as Ctrl-C does, and waits for its end; rejects where it printed a secret. */
  async stop(): Promise<Exit> {
    this.#agent.destroy();
    this.kill("SIGINT");
    return this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
