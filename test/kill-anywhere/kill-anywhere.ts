import { setTimeout as delay } from "node:timers/promises";
import { Random } from "../fuzz/core/random.js";
import { inTurns } from "../support/in-turns.js";
import type { OperatorProcess } from "../support/operator-process.js";
import type { OperatorStart, Platform } from "../support/platform/platform.js";
import type { Act } from "./act.js";
import { openAct } from "./acts.js";
import type { KillArguments } from "./arguments.js";
import { KillCounts } from "./kill-counts.js";

/**
 * How the operator is started: at work at once, because whoever kills it knows that it has ended. How long a successor waits for the
 * lease of a leader that was killed, `replicas.test.ts` says.
 */
export const killableOperator: OperatorStart = { args: ["--leader-elect=false"] };

/** How it went. */
export interface Outcome {
  readonly counts: KillCounts;
  /** What was lost, done twice, or not done; empty where all went well. */
  readonly faults: readonly string[];
}

/** See {@link killAnywhere}. */
export interface KillOptions extends Omit<KillArguments, "help"> {
  readonly platform: Platform;
  readonly progress: (line: string) => void;
}

/**
 * Plays rounds, until enough kills have fallen into every kind of act, or something is wrong, or time is up. In a round, all sets are
 * brought to where they can be asked for something, all are asked at once, the operator is killed once or twice at random moments and
 * started again, and then everything has to become as it was asked for. The first round is without a kill, and says how long acts take.
 *
 * A kill is a moment of an act if a set that was asked for it still lacked something when the operator was dead.
 */
export async function killAnywhere(options: KillOptions): Promise<Outcome> {
  const { platform, only, sets, seed } = options;
  const random = new Random(seed);
  const acts = await Promise.all(
    only.flatMap((name) =>
      Array.from({ length: sets }, (_, index) =>
        openAct(platform, name, `kill-${process.pid}-${name}-${index}`, random),
      ),
    ),
  );
  return new Killing(options, acts, random).play();
}

class Killing {
  readonly #options: KillOptions;
  readonly #acts: readonly Act[];
  readonly #random: Random;
  readonly #counts = new KillCounts();
  readonly #faults: string[] = [];
  /** Which operator got the orders of a round, and how much it had logged by then. */
  #since: { readonly operator: OperatorProcess; readonly lines: number } | undefined;

  constructor(options: KillOptions, acts: readonly Act[], random: Random) {
    this.#options = options;
    this.#acts = acts;
    this.#random = random;
  }

  async play(): Promise<Outcome> {
    const { moments, only, minutes } = this.#options;
    const endMs = performance.now() + minutes * 60_000;
    await this.#round(0);
    while (this.#faults.length === 0 && this.#counts.fewest(only).moments < moments) {
      if (performance.now() > endMs) this.#faults.push(`only so many moments in ${minutes} minutes`);
      else await this.#round(1 + this.#random.below(2));
    }
    await this.#lookBack();
    // What went wrong may hold a set for ever.
    if (this.#faults.length === 0) await this.#all((act) => act.close());
    return { counts: this.#counts, faults: this.#faults };
  }

  async #round(kills: number): Promise<void> {
    const isReady = await this.#all((act) => act.prepare());
    if (!isReady) return;
    const { operator } = this.#options.platform;
    this.#since = { operator, lines: operator.log.length };
    await this.#all((act) => act.order());
    const orderedMs = performance.now();
    const arriving = this.#all(async (act) => {
      await act.arrive();
      this.#counts.arrived(act.name, performance.now() - orderedMs, kills > 0);
    });
    const at: string[] = [];
    for (let kill = 0; kill < kills; kill++) at.push(await this.#kill());
    await arriving;
    await this.#all(async (act) => {
      for (const fault of await act.faults()) this.#blame(act, fault);
    });
    const counts = this.#options.only.map((name) => `${name} ${this.#counts.of(name).moments}`);
    this.#options.progress(`${at.length === 0 ? "without a kill" : at.join(", ")}: ${counts.join(", ")}`);
  }

  /** Kills the operator at a moment of the act that has had the fewest, as far as chance has it, and starts it again. */
  async #kill(): Promise<string> {
    const { platform, only } = this.#options;
    const { name, usualMs } = this.#counts.fewest(only);
    const afterMs = this.#random.below(Math.ceil(usualMs));
    await delay(afterMs);
    const { operator } = platform;
    await operator.end("SIGKILL");
    const hit = await this.#underWay();
    const log = operator === this.#since?.operator ? operator.log.slice(this.#since.lines) : operator.log;
    for (const act of hit) this.#counts.hit(act, log);
    this.#counts.killed(new Set(hit.map(({ name: one }) => one)));
    await platform.startOperator();
    return `killed ${afterMs} ms into ${name}`;
  }

  async #underWay(): Promise<readonly Act[]> {
    const open = await Promise.all(
      this.#acts.map(async (act) => ((await act.lacks()).length > 0 ? [act] : [])),
    );
    return open.flat();
  }

  /** Nothing of what earlier rounds left behind has gone meanwhile either. */
  async #lookBack(): Promise<void> {
    // Not all at once: the registry is asked for every VM that there ever was.
    await inTurns(2, this.#acts, async (act) => {
      for (const fault of await this.#options.platform.contents.losses(act.ns)) this.#blame(act, fault);
    });
  }

  /** Does something with every act; what fails is a fault. Gives whether all went well. */
  async #all(task: (act: Act) => Promise<void>): Promise<boolean> {
    const results = await Promise.all(
      this.#acts.map(async (act) => {
        try {
          await task(act);
          return true;
        } catch (error) {
          this.#blame(act, error instanceof Error ? error.message : String(error));
          return false;
        }
      }),
    );
    return results.every(Boolean);
  }

  #blame({ name, ns }: Act, fault: string): void {
    const text = `${name} in ${ns}: ${fault}`;
    if (!this.#faults.includes(text)) this.#faults.push(text);
  }
}
