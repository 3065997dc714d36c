import type { ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { eventually, patienceMs } from "./eventually.js";
import { checked, type Exit, spawnExecutable } from "./webhook-process.js";

/** Where all of them keep what tells this machine from others, instead of in the user's own folder. */
const stateFolder = path.join(tmpdir(), "cocoon-webhook-dev-state");

/** What comes of `cocoon-webhook dev` besides its end. */
export interface DevOptions {
  /** @default {} */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
}

/** A running `cocoon-webhook dev`. */
export class DevProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exit: Promise<Exit>;
  readonly #output = { stdout: "", stderr: "" };
  readonly #lines: string[] = [];

  private constructor(args: readonly string[], { env = {}, onLine }: DevOptions) {
    this.#child = spawnExecutable(["dev", ...args], { XDG_STATE_HOME: stateFolder, ...env });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error("the webhook has no output");
    stderr.on("data", (chunk: Buffer) => (this.#output.stderr += chunk.toString()));
    createInterface({ input: stdout }).on("line", (line) => {
      this.#output.stdout += `${line}\n`;
      this.#lines.push(line);
      onLine?.(line);
    });
    this.#exit = new Promise<Exit>((resolve) => {
      this.#child.once("close", (code, signal) => {
        resolve({ code, signal, ...this.#output });
      });
    }).then(checked);
  }

  /** Starts it and waits until API servers ask it; rejects with what it printed where they do not. */
  static async start(args: readonly string[], options: DevOptions = {}): Promise<DevProcess> {
    const dev = new DevProcess(args, options);
    const ended = dev.#exit.then(({ code, stderr }) => {
      throw new Error(`cocoon-webhook dev ended with ${code ?? "a signal"}: ${stderr}`);
    });
    try {
      await Promise.race([dev.told("API servers ask "), ended]);
    } catch (error) {
      // Nobody else knows of it, and it would go on after the tests.
      await dev.end("SIGTERM");
      throw error;
    }
    return dev;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has told people. */
  get stderr(): string {
    return this.#output.stderr;
  }

  /** Resolves when it has told people something. */
  async told(text: string, timeoutMs = patienceMs): Promise<void> {
    const isTold = (): boolean => this.#output.stderr.includes(text);
    if (!(await eventually(() => Promise.resolve(isTold()), Boolean, timeoutMs))) {
      throw new Error(`it did not say '${text}' in ${timeoutMs} ms: ${this.#output.stderr}`);
    }
  }

  /** Resolves with the first line on standard output that fits. */
  async line(fits: (line: string) => boolean, timeoutMs = patienceMs): Promise<string> {
    const found = await eventually(
      () => Promise.resolve(this.#lines.find(fits)),
      (line) => line !== undefined,
      timeoutMs,
    );
    if (found === undefined) throw new Error(`no such line in ${timeoutMs} ms: ${this.#output.stdout}`);
    return found;
  }

  /** Stops reading its output, as `head` does. */
  hangUp(): void {
    this.#child.stdout?.destroy();
  }

  /** Sends it a signal, and waits for its end; rejects where it printed a secret. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.#exit;
  }

  /** Resolves when it has ended by itself. */
  exited(): Promise<Exit> {
    return this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGTERM");
  }
}
