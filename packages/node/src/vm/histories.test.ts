import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effect, EffectKind } from "./effect.js";
import type { Event } from "./event.js";
import type { PodView } from "./pod-view.js";
import { react } from "./react.js";
import { firstState, type Found, type VMState } from "./state.js";

interface Wish {
  readonly sleeps: boolean;
  readonly raises: boolean;
  readonly leaves: boolean;
}

/** One thing that happens; steps that are named fail. */
type Happening =
  | { readonly wish: Wish }
  | { readonly event: Extract<Event["type"], "vanished" | "stopped" | "settled"> }
  | { readonly passedMs: number }
  | { readonly failing: readonly EffectKind[] }
  | { readonly restart: true };

const failable: readonly EffectKind[] = [
  "start",
  "set-up",
  "save",
  "push",
  "untag",
  "destroy",
  "show",
  "remove",
];

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      wish: fc.record({
        sleeps: fc.boolean(),
        raises: fc.boolean(),
        leaves: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ passedMs: fc.constantFrom(50, 600, 5_000, 70_000) }) },
  { weight: 2, arbitrary: fc.record({ failing: fc.subarray([...failable], { maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constantFrom("vanished", "stopped", "settled") }) },
  { weight: 1, arbitrary: fc.record({ restart: fc.constant(true as const) }) },
);

/** A host, an API server and an agent between them; it holds what has to be true to what it sees. */
class History {
  #nowMs = 0;
  #generation = 1;
  #annotations: Record<string, string> = {};
  #isLeaving = false;
  #isGone = false;
  #status: PodView["status"] = null;
  #failing: readonly EffectKind[] = [];
  #boots = 0;
  /** What the VM holds, or its snapshot once it sleeps. */
  #content: number | undefined;
  #host: Found = { vm: undefined, isAsleep: false };
  #snapshot: number | undefined;
  #saved: number | undefined;
  #state: VMState | undefined;
  /** State and generation of each report. */
  readonly #reports: (readonly [string, number])[] = [];

  live(happenings: readonly Happening[]): void {
    this.#wish({ sleeps: false, raises: false, leaves: false });
    for (const one of happenings) this.#happen(one);
  }

  #happen(one: Happening): void {
    if ("wish" in one) this.#wish(one.wish);
    else if ("passedMs" in one) {
      this.#nowMs += one.passedMs;
      this.#tell({ type: "settled" });
    } else if ("failing" in one) this.#failing = one.failing;
    else if ("event" in one) this.#befall(one.event);
    else {
      this.#state = undefined;
      this.#see();
    }
  }

  #wish({ sleeps, raises, leaves }: Wish): void {
    if (raises) this.#generation++;
    this.#isLeaving ||= leaves;
    this.#annotations = {
      ...this.#annotations,
      "vm.cocoonstack.io/name": "vk-x",
      "cocoonset.cocoonstack.io/mode": "run",
      "cocoonset.cocoonstack.io/managed": "true",
      "cocoonset.cocoonstack.io/generation": String(this.#generation),
      "vm.cocoonstack.io/hibernate": String(sleeps),
    };
    this.#see();
  }

  #befall(type: "vanished" | "stopped" | "settled"): void {
    if (type === "vanished" && this.#host.vm !== undefined) {
      this.#host = { vm: undefined, isAsleep: false };
      this.#content = undefined;
    }
    this.#tell({ type });
  }

  #pod(): PodView {
    return {
      metadata: {
        name: "x",
        uid: "u",
        resourceVersion: "1",
        annotations: this.#annotations,
        ...(this.#isLeaving && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      },
      status: this.#status,
    };
  }

  #see(): void {
    this.#tell(this.#isGone ? { type: "gone" } : { type: "seen", pod: this.#pod() });
  }

  #tell(first: Event): void {
    this.#state ??= firstState(this.#pod(), this.#host);
    let event: Event | undefined = first;
    for (let rounds = 0; event !== undefined; rounds++) {
      expect(rounds, "an event leads to no end of steps").toBeLessThan(30);
      event = this.#react(event);
    }
  }

  #react(event: Event): Event | undefined {
    if (this.#state === undefined) return undefined;
    const { state, effects } = react(this.#state, event, this.#nowMs);
    this.#state = state;
    for (const effect of effects) {
      if (this.#failing.includes(effect.do)) return { type: "failed", effect, message: "no" };
      const failure = this.#carryOut(effect);
      if (failure !== undefined) return { type: "failed", effect, message: failure };
      const result = { vm: { name: "vk-x", id: "v", ip: "i" }, answers: true, generation: this.#generation };
      this.#state = react(this.#state, { type: "done", effect, result }, this.#nowMs).state;
    }
    if (effects.length === 0) return undefined;
    return this.#isGone ? { type: "gone" } : { type: "seen", pod: this.#pod() };
  }

  /** Gives why a step is impossible. */
  #carryOut(effect: Effect): string | undefined {
    switch (effect.do) {
      case "start":
        return this.#start(effect.source.from);
      case "save":
        this.#saved = this.#content;
        return this.#host.vm === undefined ? "there is no VM" : undefined;
      case "push":
        if (effect.tag === "hibernate") this.#snapshot = this.#saved;
        return undefined;
      case "untag":
        this.#snapshot = undefined;
        return undefined;
      case "destroy":
        this.#destroy(effect.sleeps);
        return undefined;
      default:
        this.#write(effect);
        return undefined;
    }
  }

  #write(effect: Effect): void {
    if (effect.do === "report" || effect.do === "echo") this.#report(effect.state);
    if (effect.do === "show") this.#status = statuses[effect.shown.as] ?? this.#status;
    if (effect.do === "evict") this.#isLeaving = true;
    if (effect.do === "remove") this.#isGone = true;
  }

  #report(state: string): void {
    const last = this.#reports.at(-1);
    if (last?.[0] === "failed" && last[1] === this.#generation) {
      expect(["failed", "creating", "hibernating"], "what follows failed").toContain(state);
    }
    this.#reports.push([state, this.#generation]);
    this.#annotations = {
      ...this.#annotations,
      "vm.cocoonstack.io/lifecycle-state": state,
      "vm.cocoonstack.io/lifecycle-observed-generation": String(this.#generation),
    };
  }

  #start(from: string): string | undefined {
    if (from === "snapshot") {
      if (this.#snapshot === undefined) return "there is no snapshot";
      expect(this.#snapshot, "what wakes is what went to sleep").toBe(this.#content);
    } else {
      expect(this.#content, "a fresh boot over a state that lives").toBeUndefined();
      this.#content = ++this.#boots;
    }
    this.#host = { vm: { name: "vk-x", id: "v", ip: "i" }, isAsleep: false };
    return undefined;
  }

  #destroy(sleeps: boolean): void {
    if (sleeps) expect(this.#snapshot, "a VM ends before its state is pushed").toBe(this.#content);
    else {
      expect(this.#isLeaving || this.#isGone, "a VM ends that nobody gave up").toBe(true);
      this.#content = undefined;
    }
    this.#host = { vm: undefined, isAsleep: sleeps };
  }
}

const statuses: Readonly<Record<string, PodView["status"]>> = {
  running: { phase: "Running", containerStatuses: [{ state: { running: {} } }] },
  asleep: { phase: "Pending" },
  lost: { phase: "Failed" },
};

const runs = Number(process.env["COCOON_NODE_RUNS"] ?? 300);

describe("whatever happens to a VM", () => {
  it(
    "its state is in it or in its snapshot, its reports follow each other, and every event comes to an end",
    { timeout: 30_000 + runs * 20 },
    () => {
      fc.assert(
        fc.property(fc.array(happening, { minLength: 3, maxLength: 40 }), (happenings) => {
          new History().live(happenings);
        }),
        { numRuns: runs },
      );
    },
  );
});
