import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { nodeExecutable } from "../build-executable.js";
import { eventually } from "../eventually.js";
import { checked, type Exit, type LogLine, type Program, spawnExecutable } from "../webhook-process.js";

const program: Program = [process.execPath, nodeExecutable, "--backend", "simulated"];

/** A running `cocoon-node`, with a simulated backend that loses no time unless it is told to. */
export class NodeProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: LogLine[] = [];
  readonly #exit: Promise<Exit>;
  #stdout = "";
  #stderr = "";

  private constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    const quick = ["--boot-time", "0s", "--save-time", "0s"];
    this.#child = spawnExecutable([...quick, ...args], env, program);
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on("line", (line) => {
        this.#stdout += `${line}\n`;
        this.#log.push(JSON.parse(line) as LogLine);
      });
    }
    this.#exit = new Promise<Exit>((resolve) => {
      this.#child.once("close", (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    }).then(checked);
  }

  /** Starts it and waits until it takes pods; rejects with what it printed where it does not. */
  static async start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<NodeProcess> {
    const node = new NodeProcess(args, env);
    const ended = node.#exit.then(({ code, stdout, stderr }): never => {
      throw new Error(`cocoon-node ended with ${code ?? "a signal"}: ${stdout}${stderr}`);
    });
    ended.catch(() => undefined);
    try {
      await Promise.race([node.logged("ready"), ended]);
      return node;
    } catch (error) {
      node.kill("SIGKILL");
      throw error;
    }
  }

  /** Waits until it has logged a message. */
  async logged(message: string): Promise<LogLine> {
    const line = await eventually(
      () => Promise.resolve(this.#log.find(({ msg }) => msg === message)),
      (found) => found !== undefined,
    );
    if (line === undefined)
      throw new Error(`cocoon-node did not log '${message}': ${this.#stdout}${this.#stderr}`);
    return line;
  }

  /** Sends a signal without waiting. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has ended; rejects where it printed a secret. */
  exited(): Promise<Exit> {
    return this.#exit;
  }

  /** Stops it as Kubernetes does, and waits for its end. */
  async stop(): Promise<Exit> {
    this.kill("SIGTERM");
    return this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
