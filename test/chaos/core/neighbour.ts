import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { admissionRequest, reviewOf } from "../../support/admission-request.js";
import { pod } from "../../support/objects.js";

/** What a well-behaved client has seen for a while. */
export interface Seen {
  /** Of right answers. */
  readonly latenciesMs: readonly number[];
  /** Anything else than the right answer, by what it was. */
  readonly faults: Readonly<Record<string, number>>;
}

/** A well-behaved client, in a process of its own: it asks all the time, and notes how long each answer takes. */
export class Neighbour implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(port: number) {
    const program = path.join(import.meta.dirname, "well-behaved-client.js");
    const body = reviewOf(admissionRequest("Pod", { object: pod("stray") }));
    this.#child = fork(program, [String(port), body], { execArgv: [] });
  }

  /** What it has seen since it was asked last. */
  async take(): Promise<Seen> {
    const answer = once(this.#child, "message") as Promise<[Seen]>;
    this.#child.send("take");
    return (await answer)[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.disconnect();
    await gone;
  }
}

/** The value that 99 of a hundred do not exceed; NaN of none. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}
