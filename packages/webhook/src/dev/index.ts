/**
 * What `cocoon-webhook dev` is made of: which cluster is local, how its API servers reach this machine, a registration
 * that goes when its owner goes, and decisions as people read them.
 *
 * @module
 */
export { clusterNotes } from "./cluster-notes.js";
export { type DecisionFormat, decisionLine, isShown } from "./decision-line.js";
export { hostHint } from "./host-hint.js";
export { isLocal } from "./is-local.js";
export { metadataOf, type Owner } from "./owner.js";
export { type OwnAddress, ownAddressOf } from "./own-address.js";
export { Probe } from "./probe.js";
export { probeFaultLines } from "./probe-fault.js";
export { type ConfigurationRef, Registrations } from "./registrations.js";
export { type Found, type Registered, removeLeftovers } from "./leftovers.js";
