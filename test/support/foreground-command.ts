import { type ChildProcess, spawn } from "node:child_process";

/** Where and how a command runs. */
export interface ForegroundPlace {
  readonly cwd: string;
  /** Besides the environment of this process. @default {} */
  readonly env?: NodeJS.ProcessEnv;
}

/** A command of bash that runs until Ctrl-C, as somebody starts it in a terminal. */
export class ForegroundCommand {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  /** Both streams. */
  #output = "";

  private constructor(command: string, { cwd, env = {} }: ForegroundPlace) {
    // A group of its own, because Ctrl-C reaches every process of a terminal's foreground group.
    const options = { cwd, env: { ...process.env, ...env }, detached: true };
    this.#child = spawn("bash", ["-c", command], options);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", () => {
        resolve();
      });
    });
  }

  /**
   * Starts a command and waits until it has printed a sign.
   *
   * @throws {Error} with what it printed, when it ends before, or is ended because that takes too long.
   */
  static async until(
    sign: RegExp,
    command: string,
    place: ForegroundPlace,
    timeoutMs: number,
  ): Promise<ForegroundCommand> {
    const started = new ForegroundCommand(command, place);
    const fault = await started.#faultBefore(sign, timeoutMs);
    if (fault === undefined) return started;
    await started.end();
    throw new Error(`'${command}' ${fault}: ${started.output}`);
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Presses Ctrl-C, where it still runs, and waits for its end. */
  async end(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGINT");
    await this.#ended;
  }

  /** Why the sign does not come, or undefined when it has come. */
  #faultBefore(sign: RegExp, timeoutMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const onTime = (): void => {
        resolve(`did not print ${String(sign)} within ${timeoutMs} ms`);
      };
      const timer = setTimeout(onTime, timeoutMs);
      const settle = (fault: string | undefined): void => {
        clearTimeout(timer);
        resolve(fault);
      };
      const look = (): void => {
        if (sign.test(this.#output)) settle(undefined);
      };
      this.#child.stdout?.on("data", look);
      this.#child.stderr?.on("data", look);
      void this.#ended.then(() => {
        settle("ended");
      });
    });
  }
}
