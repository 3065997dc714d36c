import { type Annotated, type Annotations, annotationOf, annotationsWithout } from "./annotated.js";
import { generationOf, generationText } from "./generation.js";
import { vmAnnotations } from "./keys.js";

/**
 * The states of a VM's life, as the node reports them.
 *
 * @example
 * ```ts
 * lifecycleStates.filter(isTerminalLifecycleState); // ["ready", "hibernated", "failed"]
 * ```
 */
export const lifecycleStates = ["creating", "ready", "hibernating", "hibernated", "failed"] as const;

/**
 * One of the {@link lifecycleStates}.
 *
 * @example
 * ```ts
 * const state: LifecycleState = "hibernated";
 * isTerminalLifecycleState(state); // true
 * ```
 */
export type LifecycleState = (typeof lifecycleStates)[number];

/**
 * What the node says of a VM's life.
 *
 * @example
 * ```ts
 * const status: LifecycleStatus = { state: "failed", observedGeneration: 7, message: "no snapshot to restore" };
 * ```
 */
export interface LifecycleStatus {
  /** A {@link LifecycleState}; empty where nothing was reported, and any text where a newer node knows more states. */
  readonly state: string;
  /** The generation of the CocoonSet that this answers; 0 where none is known. */
  readonly observedGeneration: number;
  /** For people; empty where there is nothing to say. */
  readonly message: string;
}

const stateKey = vmAnnotations.lifecycleState;
const generationKey = vmAnnotations.lifecycleObservedGeneration;
const messageKey = vmAnnotations.lifecycleStateMessage;

const terminal: readonly string[] = ["ready", "hibernated", "failed"] satisfies LifecycleState[];

/**
 * Whether a state lasts until somebody asks for something else: `ready`, `hibernated` and `failed`.
 *
 * @example
 * ```ts
 * isTerminalLifecycleState("hibernating"); // false
 * ```
 */
export const isTerminalLifecycleState = (state: string): boolean => terminal.includes(state);

/**
 * The annotations of a pod with the status written over them; the pod stays as it is. State and generation are always
 * written, and an empty message deletes the older one.
 *
 * @throws {RangeError} when the generation is no integer, or too large for a number to hold exactly.
 *
 * @example
 * ```ts
 * const annotations = applyLifecycleStatus(pod, { state: "ready", observedGeneration: 7, message: "" });
 * ```
 */
export function applyLifecycleStatus(object: Annotated, status: LifecycleStatus): Annotations {
  return {
    ...annotationsWithout(object, messageKey),
    [stateKey]: status.state,
    [generationKey]: generationText(status.observedGeneration),
    ...(status.message === "" ? {} : { [messageKey]: status.message }),
  };
}

/**
 * The status as annotations of a merge patch (RFC 7396), in which `null` deletes: an empty message is `null`.
 *
 * @throws {RangeError} when the generation is no integer, or too large for a number to hold exactly.
 *
 * @example
 * ```ts
 * const annotations = lifecycleStatusAnnotations({ state: "ready", observedGeneration: 7, message: "" });
 * const patch = annotationsMergePatch(annotations);
 * ```
 */
export const lifecycleStatusAnnotations = (
  status: LifecycleStatus,
): Readonly<Record<string, string | null>> => ({
  [stateKey]: status.state,
  [generationKey]: generationText(status.observedGeneration),
  [messageKey]: status.message === "" ? null : status.message,
});

/**
 * The status as one string, its parts joined by NUL: two are equal exactly when the statuses are, as long as no state
 * holds a NUL.
 *
 * @example
 * ```ts
 * lifecycleStatusSnapshot({ state: "ready", observedGeneration: 7, message: "" }); // "ready\u00007\u0000"
 * ```
 */
export const lifecycleStatusSnapshot = (status: LifecycleStatus): string =>
  [status.state, status.observedGeneration, status.message].join("\0");

/**
 * The status on a pod. What is missing is empty; a generation that is missing or no integer is 0.
 *
 * @example
 * ```ts
 * const done = isTerminalLifecycleState(readLifecycleStatus(pod).state);
 * ```
 */
export const readLifecycleStatus = (object: Annotated): LifecycleStatus => ({
  state: annotationOf(object, stateKey),
  observedGeneration: generationOf(object, generationKey),
  message: annotationOf(object, messageKey),
});
