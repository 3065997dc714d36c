import { setMaxListeners } from "node:events";
import { rootCertificates } from "node:tls";
import { errorCode } from "@cocoonstack/common/k8s";
import { Agent, type Dispatcher } from "undici";
import type { Deadline } from "./deadline.js";
import { RegistryError } from "./protocol/index.js";

/** A request to an absolute URL. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
  /** Longest answer, where it is a success; of failures, less is read. */
  readonly maxBytes: number;
}

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Limits of a {@link Transport}. */
export interface TransportOptions {
  /** Certificates in PEM to trust besides those that Node.js comes with. */
  readonly ca: string | undefined;
  /** Connections to each host. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly userAgent: string;
}

/** Of failures nothing but a few codes and sentences is of interest. */
const maxFailureBytes = 64 * 1024;
/** Load balancers let go of idle connections after a minute or more: be before them. */
const keepAliveMs = 30_000;

/** One request, one answer, over kept connections: no redirects, no retries, no credentials of its own. */
export class Transport {
  readonly #agent: Agent;
  readonly #userAgent: string;
  /** Ends sockets: undici leaves one alone that is still connecting, and it would hold up the process. */
  readonly #end = new AbortController();

  constructor({ ca, connections, connectTimeoutMs, userAgent }: TransportOptions) {
    setMaxListeners(0, this.#end.signal); // one for each open socket
    this.#userAgent = userAgent;
    this.#agent = new Agent({
      connections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // Each call has its own deadline, which is exact; the agent's timers tick once a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: connectTimeoutMs,
        signal: this.#end.signal,
        // Naming any replaces the usual ones.
        ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
      },
    });
  }

  /**
   * @throws {RegistryError} of the kind `unavailable` or `tls` when there is no answer, or it breaks off; `too-large` when a
   *   success is longer than it may be; the deadline's reason when that comes first.
   */
  async send(request: HttpRequest, deadline: Deadline): Promise<HttpAnswer> {
    try {
      return await deadline.race(this.#exchange(request, deadline.signal));
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw asRegistryError(request, error);
    }
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#agent.destroy();
  }

  async #exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { method, url, headers, body = null, maxBytes } = request;
    const answer = await this.#agent.request({
      ...{ method, body, signal },
      origin: new URL(url).origin,
      path: url.slice(new URL(url).origin.length),
      headers: { "user-agent": this.#userAgent, ...headers },
    });
    const status = answer.statusCode;
    const isSuccess = status >= 200 && status < 300;
    const content = await readAtMost(answer.body, isSuccess ? maxBytes : maxFailureBytes);
    if (content === undefined && isSuccess) {
      throw new RegistryError("too-large", `${method} ${url}: the answer is longer than ${maxBytes} bytes`, {
        status,
      });
    }
    return { status, headers: joined(answer.headers), body: content ?? Buffer.alloc(0) };
  }
}

/** All of a body, or undefined where it is longer; then its connection is cut. */
async function readAtMost(
  body: Dispatcher.ResponseData["body"],
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop destroys the body.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

const joined = (headers: Dispatcher.ResponseData["headers"]): HttpAnswer["headers"] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/;

function asRegistryError({ method, url }: HttpRequest, cause: unknown): RegistryError {
  if (cause instanceof RegistryError) return cause;
  const code = errorCode(cause) ?? "unknown error";
  // Locations of uploads hold state of the registry after the '?', and nobody can read it.
  const what = `${method} ${url.replace(/\?.*$/s, "")}`;
  return tlsCodes.test(code)
    ? new RegistryError("tls", `${what}: TLS failed (${code})`, { cause })
    : new RegistryError("unavailable", `${what}: no answer (${code})`, { cause });
}
