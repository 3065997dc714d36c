import { errorCode, UnderWay } from "../internal/index.js";
import { answerHead, chunksOf, type Reader, wholeAnswer } from "./answers.js";
import type { ClusterConfig, Credentials } from "./cluster-config.js";
import type {
  ApiRequest,
  ApiResponse,
  ApiStream,
  CallOptions,
  ClusterConnection,
  JsonResponse,
} from "./cluster-connection.js";
import { type Deadline, startDeadline } from "./deadline.js";
import { asRequestError, RequestError } from "./request-error.js";
import type { RotatingPool } from "./rotating-pool.js";

/** What does not change from request to request. */
export interface RequestSettings {
  /** Path of the server's URL, without a slash at its end. */
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly userAgent: string;
}

/** The connection of {@link connect}. */
export class PooledConnection implements ClusterConnection {
  readonly server: string;
  readonly #config: ClusterConfig;
  readonly #pool: RotatingPool;
  readonly #settings: RequestSettings;
  readonly #inFlight = new UnderWay<Promise<unknown>>();
  readonly #streams = new UnderWay<Deadline>();
  #closed = false;

  constructor(config: ClusterConfig, pool: RotatingPool, settings: RequestSettings) {
    this.server = config.server;
    this.#config = config;
    this.#pool = pool;
    this.#settings = settings;
  }

  async getJson(path: string, options: CallOptions = {}): Promise<JsonResponse> {
    const { status, body } = await this.request({ ...options, path });
    const text = body.toString("utf8");
    try {
      return { status, body: JSON.parse(text) as unknown };
    } catch (cause) {
      if (status >= 400) return { status, body: text };
      throw new RequestError("malformed", `GET ${path}: the answer (status ${status}) is not JSON`, {
        cause,
      });
    }
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const { what, deadline } = this.#begin(request);
    try {
      return await this.#finish(what, deadline, this.#authenticated(request, deadline, wholeAnswer));
    } finally {
      deadline.stop();
    }
  }

  async stream(request: ApiRequest): Promise<ApiStream> {
    const { what, deadline } = this.#begin(request);
    const place = this.#streams.begin(deadline);
    const done = (): void => {
      this.#streams.end(place);
      deadline.stop();
    };
    try {
      const head = this.#authenticated(request, deadline, answerHead);
      const { body, ...rest } = await this.#finish(what, deadline, head);
      deadline.lift();
      body.once("close", done);
      return { ...rest, chunks: chunksOf(what, deadline, body) };
    } catch (error) {
      done();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stream of this.#streams) {
      stream.end(new RequestError("closed", "the stream was cut, because its connection is being closed"));
    }
    await Promise.allSettled(this.#inFlight);
    await this.#pool.destroy();
  }

  #begin(request: ApiRequest): { readonly what: string; readonly deadline: Deadline } {
    const what = `${request.method ?? "GET"} ${request.path}`;
    if (this.#closed) throw new RequestError("closed", `${what}: the connection is closed`);
    return {
      what,
      deadline: startDeadline(what, request.timeoutMs ?? this.#settings.timeoutMs, request.signal),
    };
  }

  /** Waits for `work`, but not beyond the deadline: the pool looks at the signal only once it has a connection. */
  async #finish<T>(what: string, deadline: Deadline, work: Promise<T>): Promise<T> {
    const answer = deadline.race(work);
    const place = this.#inFlight.begin(answer);
    try {
      return await answer;
    } catch (error) {
      throw asRequestError(what, deadline.signal.aborted ? deadline.signal.reason : error);
    } finally {
      this.#inFlight.end(place);
    }
  }

  async #authenticated<T extends { readonly status: number }>(
    request: ApiRequest,
    deadline: Deadline,
    reader: Reader<T>,
  ): Promise<T> {
    const credentials = await this.#config.credentials();
    const answer = await this.#repeatable(request, credentials, deadline, reader);
    if (answer.status !== 401) return answer;
    this.#config.forget(credentials);
    const renewed = await this.#config.credentials().catch(async (error: unknown) => {
      await reader.drop(answer);
      throw error;
    });
    if (renewed === credentials) return answer;
    await reader.drop(answer);
    return this.#repeatable(request, renewed, deadline, reader);
  }

  async #repeatable<T>(
    request: ApiRequest,
    credentials: Credentials,
    deadline: Deadline,
    reader: Reader<T>,
  ): Promise<T> {
    try {
      return await this.#send(request, credentials, deadline, reader);
    } catch (error) {
      if (deadline.signal.aborted || !mayRepeat(request, error)) throw error;
      return this.#send(request, credentials, deadline, reader);
    }
  }

  async #send<T>(
    request: ApiRequest,
    credentials: Credentials,
    { signal }: Deadline,
    { use, read }: Reader<T>,
  ): Promise<T> {
    const { method = "GET", body = null } = request;
    const answer = await this.#pool.for(credentials.tls)[use].request({
      method,
      path: this.#settings.prefix + request.path,
      body,
      signal,
      headers: {
        accept: "application/json",
        "user-agent": this.#settings.userAgent,
        ...(body !== null && { "content-type": request.contentType ?? "application/json" }),
        ...request.headers,
        ...credentials.headers,
      },
    });
    return read(answer);
  }
}

/** Whether the request certainly changed nothing and failed because a kept connection was just being closed. */
function mayRepeat({ method = "GET" }: ApiRequest, error: unknown): boolean {
  const cut = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(errorCode(error) ?? "");
  return cut && (method === "GET" || method === "HEAD");
}
