import { once } from "node:events";
import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** What the API server answered. */
export interface ApiResponse {
  readonly status: number;
  /** Parsed when the answer is JSON, otherwise its text. */
  readonly body: unknown;
}

/** One call. */
export interface ApiCall {
  readonly method: string;
  /** With the query, such as `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  /** A string goes out as it is, anything else as JSON; undefined means no body. */
  readonly body?: unknown;
  readonly token: string;
  /** The media type of the body. @default "application/json" */
  readonly contentType?: string;
  /** How long the answer may take. @default 65_000, as the API server gives itself 60 seconds */
  readonly timeoutMs?: number;
}

/** Calls one API server over connections that stay open. */
export interface ApiClient {
  /** @throws when no answer arrives, for whatever reason; every HTTP status is an answer. */
  call(call: ApiCall): Promise<ApiResponse>;
  /** Closes all connections. */
  close(): void;
}

/** A client for the API server at `url` that trusts only `ca` (PEM). */
export function apiClient(url: string, ca: string): ApiClient {
  const agent = new Agent({ keepAlive: true, ca });
  return {
    call: async ({ method, path, body, token, contentType = "application/json", timeoutMs = 65_000 }) => {
      const payload = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
      const outgoing = request(new URL(path, url), {
        agent,
        method,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: "application/json",
          authorization: `Bearer ${token}`,
          ...(payload !== undefined && {
            "content-type": contentType,
            "content-length": Buffer.byteLength(payload),
          }),
        },
      });
      outgoing.end(payload);
      const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
      const answer = await text(incoming);
      const isJson = incoming.headers["content-type"]?.startsWith("application/json") ?? false;
      return { status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(answer) : answer };
    },
    close: () => {
      agent.destroy();
    },
  };
}
