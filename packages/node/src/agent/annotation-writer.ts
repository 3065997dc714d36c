import { annotationsMergePatch, sleep } from "@cocoonstack/common/k8s";
import { parseVMSpec } from "@cocoonstack/common/meta";
import { type Api, hasStatus, sendPatch } from "./api.js";
import type { Interference } from "./interference.js";
import { pathOf, type Pod } from "./pod.js";

/** Annotations, and `null` for what is not to be there. */
export type Wishes = Readonly<Record<string, string | null>>;

/** See {@link AnnotationWriter}. */
export interface AnnotationWriterOptions {
  readonly api: Api;
  readonly interference: Interference;
  /** Called with how long until {@link AnnotationWriter.repair} is worth calling. */
  readonly repairIn: (delayMs: number) => void;
  readonly onError: (error: unknown) => void;
}

const tries = 3;
const pauseMs = 500;
const repairMs = 15_000;

/**
 * The agent's own annotations on one pod. What cannot be written, or is undone by others, is written again later: the act that it
 * tells of has happened all the same.
 */
export class AnnotationWriter {
  readonly #options: AnnotationWriterOptions;
  #wanted: Wishes = {};

  constructor(options: AnnotationWriterOptions) {
    this.#options = options;
  }

  /** Everything that the agent has wished for so far. */
  get wanted(): Wishes {
    return this.#wanted;
  }

  /** Writes annotations in one patch. Rejects only when `signal` is aborted. */
  async write(pod: Pod, wishes: Wishes, signal: AbortSignal): Promise<void> {
    this.#wanted = { ...this.#wanted, ...wishes };
    await this.#send(pod, wishes, signal);
  }

  /** Writes what `pod` does not have as it should. */
  async repair(pod: Pod, signal: AbortSignal): Promise<void> {
    const annotations = pod.metadata.annotations ?? {};
    const wrong = Object.entries(this.#wanted).filter(([key, value]) => (annotations[key] ?? null) !== value);
    if (wrong.length > 0) await this.#send(pod, Object.fromEntries(wrong), signal);
  }

  async #send(pod: Pod, wishes: Wishes, signal: AbortSignal): Promise<void> {
    const { vmName } = parseVMSpec(pod);
    const delays = Object.keys(wishes).map((key) => this.#options.interference.withheldMs(vmName, key));
    const now = Object.entries(wishes).filter((_, index) => delays[index] === 0);
    const isWritten = now.length === 0 || (await this.#patch(pod, Object.fromEntries(now), signal));
    const later = delays.filter((delayMs) => delayMs > 0);
    if (!isWritten || later.length > 0) this.#options.repairIn(Math.min(repairMs, ...later));
  }

  /** Gives whether there is nothing more to be done about it. */
  async #patch(pod: Pod, annotations: Wishes, signal: AbortSignal): Promise<boolean> {
    const { metadata } = annotationsMergePatch(annotations);
    const patch = { metadata: { ...metadata, uid: pod.metadata.uid } };
    for (let left = tries; left > 0; left--) {
      try {
        await sendPatch(this.#options.api, pathOf(pod), patch, signal);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        if (hasStatus(error, 404)) return true;
        this.#options.onError(error);
      }
      if (left > 1) await sleep(pauseMs, signal);
    }
    return false;
  }
}
