import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { executable } from "./build-executable.js";
import { eventually, patienceMs } from "./eventually.js";
import { checked } from "./webhook-process.js";

/** Whether this machine has what gives a program a terminal: script(1) of util-linux, whose options others do not share. */
export const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** `cocoon-webhook` at a terminal, where somebody types. */
export class TerminalSession implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  /** What the terminal shows: both streams, and what is typed. */
  shown = "";

  constructor(args: readonly string[]) {
    // Without a shell in between, which would answer Ctrl-C by its own exit code.
    const command = `exec ${[process.execPath, executable, ...args].map((arg) => `'${arg}'`).join(" ")}`;
    this.#child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
      env: { PATH: process.env["PATH"], TERM: "dumb" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.shown += chunk.toString()));
    this.#exit = new Promise((resolve) => this.#child.once("close", resolve));
  }

  /** Types once something is shown. */
  async type(text: string, afterwards: string, timeoutMs = patienceMs): Promise<void> {
    const isShown = (): Promise<boolean> => Promise.resolve(this.shown.includes(afterwards));
    if (!(await eventually(isShown, Boolean, timeoutMs))) {
      throw new Error(`'${afterwards}' was not shown in ${timeoutMs} ms: ${this.shown}`);
    }
    this.#child.stdin?.write(text);
  }

  /** Resolves with the exit code; rejects where a secret was shown. */
  async exited(): Promise<number | null> {
    const code = await this.#exit;
    checked({ code, signal: null, stdout: this.shown, stderr: "" });
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#exit;
  }
}
