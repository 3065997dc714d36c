import type { Dispatcher } from "undici";
import type { ApiResponse, ApiStream } from "./cluster-connection.js";
import type { Deadline } from "./deadline.js";
import { asRequestError } from "./request-error.js";
import type { PoolUse } from "./rotating-pool.js";

/** What the pool gives: the head of an answer, and the body to come. */
export type Answer = Dispatcher.ResponseData;

/** How much of an answer is read before it is given on. */
export interface Reader<T> {
  readonly use: PoolUse;
  readonly read: (answer: Answer) => Promise<T>;
  /** Reads away what nobody wants, so that its connection is free again. */
  readonly drop: (unwanted: T) => Promise<void>;
}

/** All of it. */
export const wholeAnswer: Reader<ApiResponse> = {
  use: "requests",
  read: async ({ statusCode, headers, body }) => ({
    status: statusCode,
    headers: joinValues(headers),
    body: Buffer.from(await body.arrayBuffer()),
  }),
  drop: () => Promise.resolve(),
};

/** The head alone. */
export interface AnswerHead extends Omit<ApiStream, "chunks"> {
  readonly body: Answer["body"];
}

export const answerHead: Reader<AnswerHead> = {
  use: "streams",
  read: ({ statusCode, headers, body }) => {
    // An abort may come before anybody reads; whoever reads then meets the error, and nobody else has to.
    body.on("error", () => undefined);
    return Promise.resolve({ status: statusCode, headers: joinValues(headers), body });
  },
  drop: ({ body }) => body.dump(),
};

/** The chunks of a body, with errors that say what broke off. */
export async function* chunksOf(
  what: string,
  { signal }: Deadline,
  body: Answer["body"],
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    throw asRequestError(what, signal.aborted ? signal.reason : error);
  }
}

function joinValues(headers: Answer["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
