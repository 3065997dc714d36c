/** Who is signed in, and until when. */
export interface Session {
  readonly user: string;
  readonly email: string;
  /** When the session ends, in whole seconds since 1970; 0 is never. */
  readonly exp: number;
}

/** The secret that all components share: its bytes, or text, of which the UTF-8 bytes count. */
export type SessionKey = string | Uint8Array;
