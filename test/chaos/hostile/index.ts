import { bodies } from "./bodies.js";
import { connections } from "./connections.js";
import { framing } from "./framing.js";
import type { Hostile } from "./hostile.js";

/** Every hostile client, in the order of the table. */
export const hostiles: readonly Hostile[] = [...framing, ...bodies, ...connections];
export type { Hostile, Target } from "./hostile.js";
