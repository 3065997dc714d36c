import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** The clock of the day of processes that are started with its `env`: right at first, and as far off as it is set. */
export class ShiftedClock implements AsyncDisposable {
  readonly #folder: string;
  readonly #file: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#file = path.join(folder, "off-by");
  }

  static async create(): Promise<ShiftedClock> {
    const clock = new ShiftedClock(await mkdtemp(path.join(tmpdir(), "cocoon-clock-")));
    await clock.set(0);
    return clock;
  }

  /** Variables for the process. */
  get env(): Readonly<Record<string, string>> {
    const shim = pathToFileURL(path.join(import.meta.dirname, "shifted-clock-shim.js")).href;
    return { SHIFTED_CLOCK: this.#file, NODE_OPTIONS: `--import ${shim}` };
  }

  /** Sets how far off it is, at once, also for processes that run. */
  set(offMs: number): Promise<void> {
    return writeFile(this.#file, String(offMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
