import { sleep } from "@cocoonstack/common/k8s";
import { vmAnnotations } from "@cocoonstack/common/meta";
import { AgentCrash, type Interference } from "../agent/index.js";
import type { EffectKind } from "../vm/index.js";
import { type FaultRules, type Faults, faultsFor } from "./faults.js";

const lifecycleKeys: readonly string[] = [
  vmAnnotations.lifecycleState,
  vmAnnotations.lifecycleObservedGeneration,
  vmAnnotations.lifecycleStateMessage,
];

/** The faults that stand at the moment, for everything that they hit. They may change while steps are under way. */
export class FaultBoard implements Interference {
  readonly #base: FaultRules;
  readonly #listeners = new Set<() => void>();
  #rules: FaultRules = {};
  /** When VMs got their ids, by VM name and of `performance.now()`. */
  readonly #startedMs = new Map<string, number>();

  /** @param base Rules that stand below all others. */
  constructor(base: FaultRules = {}) {
    this.#base = base;
  }

  /** Replaces all rules but the base. */
  set(rules: FaultRules): void {
    this.#rules = rules;
    for (const listener of this.#listeners) listener();
  }

  of(vmName: string): Faults {
    return faultsFor([this.#base, this.#rules], vmName);
  }

  /** Calls `listener` after every change, until it is called off. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits until the faults of a VM fit; rejects when `signal` is aborted first. */
  async until(vmName: string, fits: (faults: Faults) => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (fits(this.of(vmName))) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        off();
        signal.removeEventListener("abort", onAbort);
      };
      const off = this.listen(() => {
        if (!fits(this.of(vmName))) return;
        end();
        resolve();
      });
      const onAbort = (): void => {
        end();
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  async before(vmName: string, kind: EffectKind, signal: AbortSignal): Promise<void> {
    const { crashBefore, delayMs } = this.of(vmName);
    if (crashBefore?.includes(kind) === true) throw new AgentCrash(`before ${kind} of ${vmName}`);
    const forMs = delayMs?.[kind] ?? 0;
    if (forMs > 0) await sleep(forMs, signal);
    await this.until(vmName, ({ hang }) => hang?.includes(kind) !== true, signal);
    if (this.of(vmName).fail?.includes(kind) === true)
      throw new Error(`${kind} of ${vmName} was made to fail`);
  }

  after(vmName: string, kind: EffectKind): void {
    if (kind === "start") this.#startedMs.set(vmName, performance.now());
    if (this.of(vmName).crashAfter?.includes(kind) === true) {
      throw new AgentCrash(`after ${kind} of ${vmName}`);
    }
  }

  withheldMs(vmName: string, key: string): number {
    const { loseReports, idLateMs = 0 } = this.of(vmName);
    if (loseReports === true && lifecycleKeys.includes(key)) return Infinity;
    if (key !== vmAnnotations.id) return 0;
    const ageMs = performance.now() - (this.#startedMs.get(vmName) ?? -Infinity);
    return Math.max(0, idLateMs - ageMs);
  }

  echoes(vmName: string): boolean {
    return this.of(vmName).noEcho !== true;
  }

  writesStale(vmName: string): boolean {
    return this.of(vmName).staleWrites === true;
  }
}
