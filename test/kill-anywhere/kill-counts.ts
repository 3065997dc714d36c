import type { LogLine } from "../support/webhook-process.js";
import type { Act, ActName } from "./act.js";

/** What became of one kind of act. */
export interface Count {
  readonly name: ActName;
  /** Kills that fell into it. */
  moments: number;
  /** The same for each set by itself: one kill falls into the acts of several. */
  hits: number;
  /** How often it was asked for, and came to its end, in rounds with a kill. */
  acts: number;
  /** How long it took without a kill, the slowest of them. */
  usualMs: number;
  /** The same with kills. */
  slowestMs: number;
  /** How often the operator that was killed had done this last for a set. */
  readonly last: Map<string, number>;
}

/** Counts the moments at which the operator was killed. */
export class KillCounts {
  readonly #counts = new Map<ActName, Count>();
  /** How often it was killed. */
  kills = 0;

  of(name: ActName): Count {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    const count = { name, moments: 0, hits: 0, acts: 0, usualMs: 0, slowestMs: 0, last: new Map() };
    this.#counts.set(name, count);
    return count;
  }

  /** The kind of act that has had the fewest moments. */
  fewest(names: readonly ActName[]): Count {
    const [first] = names.map((name) => this.of(name)).sort((a, b) => a.moments - b.moments);
    if (first === undefined) throw new Error("there is no act to play");
    return first;
  }

  killed(into: ReadonlySet<ActName>): void {
    this.kills++;
    for (const name of into) this.of(name).moments++;
  }

  /** A kill fell into the act of one set; `log` is what the operator had logged since the order. */
  hit({ name, ns }: Pick<Act, "name" | "ns">, log: readonly LogLine[]): void {
    const count = this.of(name);
    count.hits++;
    const last = log.findLast((line) => line["msg"] === "done" && line["namespace"] === ns)?.["action"];
    const step = typeof last === "string" ? last : "nothing";
    count.last.set(step, (count.last.get(step) ?? 0) + 1);
  }

  arrived(name: ActName, tookMs: number, wasKilled: boolean): void {
    const count = this.of(name);
    if (wasKilled) {
      count.acts++;
      count.slowestMs = Math.max(count.slowestMs, tookMs);
    } else {
      count.usualMs = Math.max(count.usualMs, tookMs);
    }
  }
}
