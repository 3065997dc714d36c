/**
 * Sessions in signed cookies, which components in Go and in TypeScript make and verify for each other.
 *
 * @module
 */
export { randomState } from "./random-state.js";
export type { Session, SessionKey } from "./session.js";
export { signSession } from "./sign-session.js";
export { verifySession } from "./verify-session.js";
