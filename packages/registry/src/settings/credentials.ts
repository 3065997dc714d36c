/** What a client shows to a registry, or to the token service that the registry names. */
export type Credentials =
  | { readonly kind: "anonymous" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Sent with every request, as it is. */
  | { readonly kind: "bearer"; readonly token: string }
  /** Only good for being exchanged at the token service: Docker's `identitytoken`, an OAuth 2 refresh token. */
  | { readonly kind: "identity"; readonly token: string };
