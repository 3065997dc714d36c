/** Events: what happened to an object, for people who ask about it. */
export { EventRecorder, type EventRecorderObserver, type EventRecorderOptions } from "./event-recorder.js";
export type { EventNote, EventTarget } from "./event.js";
