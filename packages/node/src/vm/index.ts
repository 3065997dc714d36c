/** The life of one VM: events in, steps out. Pure. */
export { effectKinds, type Effect, type EffectKind, type LostReason, type Shown } from "./effect.js";
export type { Event, StepResult } from "./event.js";
export { nodeAnnotations } from "./keys.js";
export type { PodView, Source } from "./pod-view.js";
export { react } from "./react.js";
export type { Reaction } from "./reaction.js";
export { firstState, type Found, type VM, type VMState } from "./state.js";
