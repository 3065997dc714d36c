/**
 * Who is signed in, and until when.
 *
 * @example
 * ```ts
 * const session: Session = { user: "alice", email: "alice@example.com", exp: 0 };
 * verifySession(signSession(session, key), key)?.user; // "alice"
 * ```
 */
export interface Session {
  readonly user: string;
  readonly email: string;
  /** When the session ends, in whole seconds since 1970; 0 is never. */
  readonly exp: number;
}

/**
 * The secret that all components share: its bytes, or text, of which the UTF-8 bytes count.
 *
 * @example
 * ```ts
 * const key: SessionKey = crypto.getRandomValues(new Uint8Array(32));
 * ```
 */
export type SessionKey = string | Uint8Array;
