import type { TextSource } from "./text-source.js";

/** Who we are to the API server; what is undefined is not used. */
export interface IdentityParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** One way of saying who we are: a token, a certificate, a plugin. */
export interface Identity {
  current(): Promise<IdentityParts>;
  /** Drops what is cached, because the server refused it. */
  forget(): void;
}

/** `Authorization: Bearer …`. */
export function bearerToken(token: TextSource): Identity {
  return {
    current: async () => ({ headers: bearer(await token.read()) }),
    forget: () => {
      token.forget();
    },
  };
}

/** The header of a bearer token; the line break at the end of a token file is not part of the token. */
export const bearer = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token.trim()}`,
});

/** A client certificate. */
export function clientCertificate(cert: TextSource, key: TextSource): Identity {
  return {
    current: async () => ({ cert: await cert.read(), key: await key.read() }),
    forget: () => {
      cert.forget();
      key.forget();
    },
  };
}

/** Headers that never change: basic authentication, impersonation. */
export function fixedHeaders(headers: Readonly<Record<string, string>>): Identity {
  return { current: () => Promise.resolve({ headers }), forget: () => undefined };
}
