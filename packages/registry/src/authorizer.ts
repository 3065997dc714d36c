import type { Deadline } from "./deadline.js";
import {
  isObject,
  parseChallenges,
  parseJson,
  RegistryError,
  textOf,
  type Challenge,
} from "./protocol/index.js";
import type { Credentials, RegistrySettings } from "./settings/index.js";
import type { HttpAnswer, HttpRequest } from "./transport.js";

/** What a request does, in the words of token services. */
export type Access = "pull" | "pull,push" | "pull,delete";

/** What a request needs leave for. */
export interface Scope {
  /** With the prefix. */
  readonly repository: string;
  readonly access: Access;
}

/** Sends one request to a token service. */
export type Send = (request: HttpRequest, deadline: Deadline) => Promise<HttpAnswer>;

interface Token {
  readonly value: string;
  /** Of `performance.now()`. */
  readonly expiresMs: number;
}

/** What the distribution specification says for a token service that does not. */
const usualLifetimeMs = 60_000;
const longestLifetimeMs = 3_600_000;
/** One for each repository and access; a little more than there are VMs in a big cluster. */
const mostTokens = 5_000;
const maxTokenBytes = 64 * 1024;

/**
 * Finds the `authorization` header for a request, and answers the challenges of a registry: basic credentials, or a token of
 * its token service, one for each repository and access, kept for nine tenths of its life.
 */
export class Authorizer {
  readonly #settings: RegistrySettings;
  readonly #send: Send;
  readonly #tokens = new Map<string, Token>();
  /** What is sent without being asked, once a registry has asked for basic credentials or a token came with the settings. */
  #standing: string | undefined;
  #isPrepared = false;

  constructor(settings: RegistrySettings, send: Send) {
    this.#settings = settings;
    this.#send = send;
  }

  /** The header to begin with, or undefined. */
  async header(scope: Scope): Promise<string | undefined> {
    if (!this.#isPrepared) {
      const credentials = await this.#credentials();
      if (credentials.kind === "bearer") this.#standing = `Bearer ${credentials.token}`;
      this.#isPrepared = true;
    }
    const key = keyOf(scope);
    const token = this.#tokens.get(key);
    if (token !== undefined && token.expiresMs > performance.now()) return `Bearer ${token.value}`;
    this.#tokens.delete(key);
    return this.#standing;
  }

  /**
   * Answers a 401: another header than the one that was refused.
   *
   * @throws {RegistryError} of the kind `unauthorized` when there is none, `credentials` when those that there are cannot be
   *   read, `malformed` for a challenge that nobody should answer.
   */
  async renew(
    scope: Scope,
    refused: { readonly header: string | undefined; readonly answer: HttpAnswer },
    deadline: Deadline,
  ): Promise<string> {
    const { url } = this.#settings;
    this.#tokens.delete(keyOf(scope));
    const credentials = await this.#credentials();
    const challenges = parseChallenges(refused.answer.headers["www-authenticate"] ?? "");
    const header =
      credentials.kind === "bearer"
        ? (this.#standing = `Bearer ${credentials.token}`)
        : await this.#answer(challenges, credentials, scope, deadline);
    if (header === undefined || header === refused.header) {
      throw new RegistryError("unauthorized", `${url}: ${whyRefused(credentials)}`, { status: 401 });
    }
    return header;
  }

  async #answer(
    challenges: readonly Challenge[],
    credentials: Exclude<Credentials, { kind: "bearer" }>,
    scope: Scope,
    deadline: Deadline,
  ): Promise<string | undefined> {
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer !== undefined) return this.#exchange(bearer, credentials, scope, deadline);
    if (credentials.kind !== "basic" || !challenges.some(({ scheme }) => scheme === "basic"))
      return undefined;
    return (this.#standing = basic(credentials));
  }

  async #exchange(
    { parameters }: Challenge,
    credentials: Exclude<Credentials, { kind: "bearer" }>,
    scope: Scope,
    deadline: Deadline,
  ): Promise<string> {
    const realm = this.#realm(parameters["realm"]);
    const request = tokenRequest(realm, credentials, {
      ...(parameters["service"] !== undefined && { service: parameters["service"] }),
      scope: scopeOf(parameters["scope"], scope),
    });
    const answer = await this.#send(request, deadline);
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      throw new RegistryError(
        "unauthorized",
        `${realm.href}: the token service answers ${answer.status}: ${whyRefused(credentials)}`,
        { status: answer.status },
      );
    }
    const token = tokenIn(answer);
    if (token === undefined) {
      throw new RegistryError("malformed", `${realm.href}: the token service sends no token`, {
        status: answer.status,
      });
    }
    this.#keep(keyOf(scope), token);
    return `Bearer ${token.value}`;
  }

  /** Where a registry may send us with credentials: only to https, or to itself. */
  #realm(realm: string | undefined): URL {
    const own = new URL(this.#settings.url);
    if (realm !== undefined && URL.canParse(realm)) {
      const url = new URL(realm);
      const isOwnHost = url.protocol === own.protocol && url.hostname === own.hostname;
      if ((url.protocol === "https:" || isOwnHost) && url.username === "" && url.password === "") return url;
    }
    throw new RegistryError(
      "malformed",
      `${own.href}: the registry names a token service that is neither https nor the registry itself`,
    );
  }

  #keep(key: string, token: Token): void {
    // The oldest goes: entries stand in the order in which they came.
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size < mostTokens) break;
      this.#tokens.delete(oldest);
    }
    this.#tokens.set(key, token);
  }

  async #credentials(): Promise<Credentials> {
    try {
      return await this.#settings.credentials();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new RegistryError("credentials", `${this.#settings.url}: ${why}`, { cause });
    }
  }
}

const keyOf = ({ repository, access }: Scope): string => `${repository} ${access}`;

/** What the registry asks for, as long as that is about the repository in hand. */
function scopeOf(asked: string | undefined, { repository, access }: Scope): string {
  const own = `repository:${repository}:`;
  return asked !== undefined && asked.startsWith(own) && !asked.includes(" ") ? asked : own + access;
}

function tokenRequest(
  realm: URL,
  credentials: Exclude<Credentials, { kind: "bearer" }>,
  parameters: Readonly<Record<string, string>>,
): HttpRequest {
  if (credentials.kind === "identity") {
    const form = { grant_type: "refresh_token", client_id: "cocoon", refresh_token: credentials.token };
    return {
      method: "POST",
      url: realm.href,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...form, ...parameters }).toString(),
      maxBytes: maxTokenBytes,
    };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return {
    method: "GET",
    url: url.href,
    headers: credentials.kind === "basic" ? { authorization: basic(credentials) } : {},
    maxBytes: maxTokenBytes,
  };
}

function tokenIn({ status, body }: HttpAnswer): Token | undefined {
  const answer = status === 200 ? parseJson(body) : undefined;
  if (!isObject(answer)) return undefined;
  const value = textOf(answer, "token") ?? textOf(answer, "access_token");
  // Anything else could not stand in a header.
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  const seconds = answer["expires_in"];
  const lifetimeMs = typeof seconds === "number" && seconds > 0 ? seconds * 1_000 : usualLifetimeMs;
  return { value, expiresMs: performance.now() + 0.9 * Math.min(lifetimeMs, longestLifetimeMs) };
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

const refusals: Readonly<Record<Credentials["kind"], string>> = {
  anonymous: "it wants credentials, and there are none: give some in a Docker config.json or a token file",
  basic: "it does not accept user and password: look at them in the Docker config.json",
  bearer: "it does not accept the token: renew it",
  identity: "it does not accept the identity token: log in anew, or give user and password",
};

const whyRefused = ({ kind }: Credentials): string => refusals[kind];
