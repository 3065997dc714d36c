import { sleep } from "@cocoonstack/common/k8s";
import type { Authorizer, Scope } from "./authorizer.js";
import type { Deadline } from "./deadline.js";
import { passingFailure, resultOf } from "./failures.js";
import { RegistryError } from "./protocol/index.js";
import {
  retryDelayMs,
  type CircuitBreaker,
  type Places,
  type RetryOptions,
  type TryResult,
} from "./resilience/index.js";
import type { HttpAnswer, HttpRequest } from "./transport.js";

/** A request to the registry, or to where it has sent us. */
export interface RegistryRequest extends HttpRequest {
  readonly scope: Scope;
}

/** What a {@link Requester} works with. */
export interface RequesterParts {
  /** URL of the registry. */
  readonly url: string;
  readonly send: (request: HttpRequest, deadline: Deadline) => Promise<HttpAnswer>;
  readonly authorizer: Authorizer;
  readonly places: Places;
  readonly breaker: CircuitBreaker;
  readonly retry: RetryOptions;
}

/** From manifests to content it is one hop, perhaps two; the rest is a loop. */
const mostRedirects = 4;

/** Requests with all that surrounds them: places, circuit, credentials, redirects, and tries. */
export class Requester {
  readonly #parts: RequesterParts;
  readonly #origin: string;
  /** Why the circuit opened, for those who are not let through. */
  #lastFailure = "";

  constructor(parts: RequesterParts) {
    this.#parts = parts;
    this.#origin = new URL(parts.url).origin;
  }

  /**
   * Runs `step` until it does not fail in a way that may pass, as often as is allowed, within the deadline. A step may be several
   * requests that only make sense together; all of it has to bear being repeated.
   */
  async persistently<T>(deadline: Deadline, step: () => Promise<T>): Promise<T> {
    let failure: RegistryError | undefined;
    for (let attempts = 1; ; attempts++) {
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        // That the circuit has opened meanwhile says less than what it opened for.
        if (error.kind === "circuit-open" && failure !== undefined) throw failure;
        if (error.kind !== "unavailable") throw error;
        failure = error;
      }
      const failed = { attempts, askedMs: failure.retryAfterMs, leftMs: deadline.leftMs() };
      const delayMs = retryDelayMs(failed, this.#parts.retry, Math.random());
      if (delayMs === undefined) throw failure;
      if (!(await sleep(delayMs, deadline.signal))) throw deadline.signal.reason;
    }
  }

  /**
   * One request, its challenge and its redirects.
   *
   * @throws {RegistryError} when there is no answer, or one that may be different in a moment; for a 401; and at once, with the
   *   kind `circuit-open`, when the registry has just failed again and again.
   */
  async ask(request: RegistryRequest, deadline: Deadline): Promise<HttpAnswer> {
    const { places, breaker } = this.#parts;
    // Before the queue, too: those in front may hang until their deadlines.
    const refusedForMs = breaker.refusesForMs(performance.now());
    if (refusedForMs > 0) throw this.#circuitOpen(request, refusedForMs);
    const giveBack = await places.take(deadline.signal);
    try {
      const admission = breaker.admit(performance.now());
      if (!admission.admitted) throw this.#circuitOpen(request, admission.retryAfterMs);
      return await this.#tried(admission.permit, request, deadline);
    } finally {
      giveBack();
    }
  }

  #circuitOpen({ method, url }: RegistryRequest, retryAfterMs: number): RegistryError {
    return new RegistryError(
      "circuit-open",
      `${method} ${url}: not asked, because the registry has failed again and again; the last time: ${this.#lastFailure}`,
      { retryAfterMs },
    );
  }

  async #tried(permit: number, request: RegistryRequest, deadline: Deadline): Promise<HttpAnswer> {
    let result: TryResult = "success";
    try {
      return await this.#authorized(request, deadline);
    } catch (error) {
      result = resultOf(error);
      if (result === "failure" && error instanceof Error) this.#lastFailure = error.message;
      throw error;
    } finally {
      this.#parts.breaker.settle(permit, result, performance.now());
    }
  }

  async #authorized(request: RegistryRequest, deadline: Deadline): Promise<HttpAnswer> {
    const { authorizer } = this.#parts;
    const header = await authorizer.header(request.scope);
    const { answer, isOwn } = await this.#followed(request, header, deadline);
    // Only the registry itself is told who we are. The storage that it sends us to may ask, and gets no answer.
    if (answer.status !== 401 || !isOwn) return answer;
    const renewed = await authorizer.renew(request.scope, { header, answer }, deadline);
    const second = await this.#followed(request, renewed, deadline);
    if (second.answer.status !== 401 || !second.isOwn) return second.answer;
    throw new RegistryError(
      "unauthorized",
      `${request.method} ${request.url}: the registry refuses the credentials that it has just asked for`,
      { status: 401 },
    );
  }

  async #followed(
    request: RegistryRequest,
    authorization: string | undefined,
    deadline: Deadline,
  ): Promise<{ readonly answer: HttpAnswer; readonly isOwn: boolean }> {
    const { method, headers } = request;
    const mayFollow = method === "GET" || method === "HEAD";
    let { url } = request;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const isOwn = this.#isOwn(url);
      const answer = await this.#parts.send(
        {
          ...request,
          url,
          headers: { ...headers, ...(isOwn && authorization !== undefined && { authorization }) },
        },
        deadline,
      );
      const failure = passingFailure(`${method} ${url}`, answer);
      if (failure !== undefined) throw failure;
      if (!mayFollow || !isRedirect(answer.status)) return { answer, isOwn };
      url = this.elsewhere(url, answer.headers["location"]);
    }
    throw new RegistryError("malformed", `${method} ${request.url}: more than ${mostRedirects} redirects`);
  }

  /**
   * Where an answer sends us: only to https, or to the registry itself.
   *
   * @throws {RegistryError} of the kind `malformed` for anything else.
   */
  elsewhere(from: string, location: string | undefined): string {
    if (location !== undefined && URL.canParse(location, from)) {
      const to = new URL(location, from);
      const isFit = (to.protocol === "https:" || to.origin === this.#origin) && to.username === "";
      if (isFit) return to.href;
    }
    throw new RegistryError("malformed", `${from}: the registry sends elsewhere, and not to an https URL`);
  }

  #isOwn(url: string): boolean {
    return new URL(url).origin === this.#origin;
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);
