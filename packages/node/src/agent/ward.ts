import type { Logger } from "@cocoonstack/common/log";
import { isTerminalLifecycleState, parseVMSpec } from "@cocoonstack/common/meta";
import { type Effect, type Event, firstState, react, type VMState } from "../vm/index.js";
import { AnnotationWriter } from "./annotation-writer.js";
import { AgentCrash } from "./interference.js";
import { perform, type Tools } from "./performer.js";
import type { Pod } from "./pod.js";

/** See {@link Ward}. */
export interface WardOptions extends Tools {
  /** The pod as it is now; undefined where there is none of its name. */
  readonly newest: () => Pod | undefined;
  /** Called with how long until {@link Ward.repair} is worth calling. */
  readonly repairIn: (delayMs: number) => void;
}

/** One pod that the agent looks after, from its first sight to its end: what happens to it is carried into what is to be done. */
export class Ward {
  readonly uid: string;
  readonly vmName: string;
  readonly #options: WardOptions;
  readonly #log: Logger;
  readonly #annotations: AnnotationWriter;
  readonly #mail: Event[] = [];
  #pod: Pod;
  /** The pod as it was when the act began that is under way. */
  #copy: Pod | undefined;
  #state: VMState;
  #isOver = false;

  constructor(pod: Pod, options: WardOptions) {
    this.uid = pod.metadata.uid;
    this.vmName = parseVMSpec(pod).vmName;
    this.#pod = pod;
    this.#options = options;
    this.#state = firstState(pod, options.backend.find(this.vmName));
    const { namespace, name } = pod.metadata;
    this.#log = options.log.child({ namespace, name, vmName: this.vmName });
    this.#annotations = new AnnotationWriter({
      ...options,
      onError: (err) => {
        this.#log.warn({ err }, "could not write annotations");
      },
    });
  }

  /** Whether the pod is gone, and nothing is left to be done for it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes note of what has happened to the VM, for the next turn. */
  tell(event: Event): void {
    this.#mail.push(event);
  }

  /**
   * Does whatever is to be done now. Gives after how long there may be more to do, though nothing happens; undefined where that is
   * never.
   *
   * @throws {AgentCrash} when the agent is to end where it stands.
   * @throws the abort reason of `signal`.
   */
  async turn(signal: AbortSignal): Promise<number | undefined> {
    for (let event = this.#mail.shift(); event !== undefined; event = this.#mail.shift()) {
      await this.#live(event, signal);
    }
    const pod = this.#newest();
    const againMs = await this.#live(pod === undefined ? { type: "gone" } : { type: "seen", pod }, signal);
    this.#isOver = this.#newest() === undefined && againMs === undefined;
    return againMs === undefined || againMs === Infinity
      ? undefined
      : Math.max(1, againMs - performance.now());
  }

  /** Writes annotations again that were lost. */
  async repair(signal: AbortSignal): Promise<void> {
    const pod = this.#newest();
    if (pod !== undefined) await this.#annotations.repair(pod, signal);
  }

  /** The pod as it is now; undefined where it is gone. */
  #newest(): Pod | undefined {
    const pod = this.#options.newest();
    return pod?.metadata.uid === this.uid ? pod : undefined;
  }

  async #live(first: Event, signal: AbortSignal): Promise<number | undefined> {
    for (let event = first; ;) {
      const { state, effects, againMs } = react(this.#state, event, performance.now());
      this.#state = state;
      if (effects.length === 0) {
        this.#copy = undefined;
        return againMs;
      }
      event = await this.#carryOut(effects, signal);
    }
  }

  /** Carries out steps until one fails, and gives what to react to next. */
  async #carryOut(effects: readonly Effect[], signal: AbortSignal): Promise<Event> {
    for (const effect of effects) {
      const failure = await this.#step(effect, signal);
      if (failure !== undefined) return failure;
    }
    // What happened meanwhile is looked at in the next turn; the pod's newest wishes are part of it.
    const newest = this.#newest();
    return newest === undefined ? { type: "gone" } : { type: "seen", pod: newest };
  }

  /** Carries out one step; gives what to react to where it failed. */
  async #step(effect: Effect, signal: AbortSignal): Promise<Event | undefined> {
    const pod = (this.#pod = this.#newest() ?? this.#pod);
    this.#copy ??= pod;
    const subject = { pod, copy: this.#copy, state: this.#state, annotations: this.#annotations };
    try {
      this.#log.debug({ step: effect.do }, "step");
      const result = await perform(this.#options, subject, effect, signal);
      this.#state = react(this.#state, { type: "done", effect, result }, performance.now()).state;
    } catch (error) {
      if (error instanceof AgentCrash) throw error;
      signal.throwIfAborted();
      this.#log.warn({ step: effect.do, err: error }, "step failed");
      return { type: "failed", effect, message: error instanceof Error ? error.message : String(error) };
    }
    if (effect.do === "report" && isTerminalLifecycleState(effect.state)) this.#copy = undefined;
    return undefined;
  }
}
