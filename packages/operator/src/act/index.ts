/**
 * From planned actions to writes, each on the conditions that it was planned on.
 *
 * @module
 */
export { type Act, type Acting, Actor, type ActorOptions } from "./actor.js";
export { ClusterWriter, type OwnerRef, type OwnerStatus } from "./cluster-writer.js";
export { DryActor } from "./dry-actor.js";
export type { Outcome } from "./outcome.js";
export { OwnerVersion } from "./owner-version.js";
export { Places } from "./places.js";
export type { Subject } from "./subject.js";
export { thingOf } from "./thing-of.js";
export type { TagCallOptions, TagRegistry } from "./tag-registry.js";
