import { admissionRequest, reviewOf } from "../../support/admission-request.js";
import { pod } from "../../support/objects.js";
import { decisionIn, head, inWords, open, post, request, send } from "../core/raw.js";
import type { Hostile, Target } from "./hostile.js";

const body = reviewOf(admissionRequest("Pod", { object: pod("stray") }));
const chunked = head("Transfer-Encoding: chunked");

/** What a second request would do that is smuggled past something in front. */
const smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

const shapes: readonly (readonly [what: string, bytes: string])[] = [
  ["length and chunks", `${head("Content-Length: 3", "Transfer-Encoding: chunked")}0\r\n\r\n${smuggled}`],
  ["two lengths", `${head("Content-Length: 3", "Content-Length: 4")}abc${smuggled}`],
  ["a length with a sign", `${head("Content-Length: +3")}abc${smuggled}`],
  ["a length in a list", `${head("Content-Length: 3, 3")}abc${smuggled}`],
  ["chunks by another name", `${head("Transfer-Encoding: xchunked")}0\r\n\r\n${smuggled}`],
  ["chunks, then another encoding", `${head("Transfer-Encoding: chunked, identity")}0\r\n\r\n${smuggled}`],
  ["a space before a colon", `${head("Transfer-Encoding : chunked")}0\r\n\r\n${smuggled}`],
  ["a folded header", `${head("X: a\r\n b")}${smuggled}`],
  ["lines that end with LF alone", `${head("Content-Length: 0").replaceAll("\r\n", "\n")}${smuggled}`],
  ["a zero byte in a header", `${head("X: a\0b")}${smuggled}`],
];

const chunkTricks: readonly (readonly [what: string, bytes: string])[] = [
  ["a size that is no number", `${chunked}zz\r\n`],
  ["a size below zero", `${chunked}-1\r\n`],
  ["a size beyond 64 bits", `${chunked}fffffffffffffffff\r\n`],
  ["a chunk longer than its size", `${chunked}1\r\nabc\r\n0\r\n\r\n`],
  ["20 kB of chunk extension", `${chunked}1;${"a".repeat(20_000)}\r\n{\r\n0\r\n\r\n`],
  ["20 kB of trailers", `${chunked}0\r\nX: ${"a".repeat(20_000)}\r\n\r\n`],
];

/** Sends each, and says what they got; more than one answer would mean that something was smuggled in. */
async function all({ port }: Target, pieces: readonly (readonly [string, string])[]): Promise<string> {
  const exchanges = await Promise.all(
    pieces.map(
      async ([what, bytes]) =>
        [what, await send(port, bytes, { untilClosed: true, timeoutMs: 5_000 })] as const,
    ),
  );
  const odd = exchanges.filter(
    ([, { statuses, closed }]) => !closed || !/^4(00|13|31)$/.test(statuses.join(" ")),
  );
  return odd.length === 0 ? "400" : odd.map(([what, exchange]) => `${what}: ${inWords(exchange)}`).join("; ");
}

/** How the bytes of HTTP are cut. */
export const framing: readonly Hostile[] = [
  {
    name: "slow headers: a byte each 100 ms, on 100 connections",
    expected: "no answer while they last; the connection closed after 100 s",
    fits: /^(still open|408, closed|400, closed|no answer, closed)$/,
    hold: slowHeaders,
    attack: async ({ port, isShort }: Target): Promise<string> => {
      if (isShort) return "still open";
      const { text, closed } = await send(port, "POST /mutate HT", { untilClosed: true, timeoutMs: 115_000 });
      return closed ? `${/ ([0-9]{3}) /.exec(text)?.[1] ?? "no answer"}, closed` : "open for more than 115 s";
    },
  },
  {
    name: "a slow body: one byte of it, and no more",
    expected: "408 after BODY_TIMEOUT, and the connection closed",
    fits: /^408, closed$/,
    attack: async ({ port, bodyTimeoutMs }: Target): Promise<string> => {
      const exchange = await send(port, `${head("Content-Length: 10")}{`, { untilClosed: true });
      return exchange.afterMs > 0.9 * bodyTimeoutMs ? inWords(exchange) : "too early";
    },
  },
  {
    name: "half-closed: the client sends its end with the request",
    expected: "the answer all the same: refused",
    fits: /^refused 403$/,
    attack: async ({ port }: Target): Promise<string> =>
      decisionIn(await send(port, post(body), { halfClose: true })),
  },
  {
    name: "50 requests in one go",
    expected: "answers in their order, or the connection closed, and nothing left behind",
    fits: /^in their order$/,
    attack: async ({ port }: Target): Promise<string> => {
      const uids = Array.from({ length: 50 }, (_, index) => `u-${index}`);
      const reviews = uids.map((uid) =>
        post(reviewOf(admissionRequest("Pod", { uid, object: pod("stray") }))),
      );
      const { text } = await send(port, reviews, { answers: 50 });
      const answered = [...text.matchAll(/"uid":"(u-[0-9]+)"/g)].map(([, uid]) => uid);
      const isInOrder = answered.length > 0 && answered.every((uid, index) => uid === uids[index]);
      return isInOrder ? "in their order" : `answers to ${answered.join(" ")}`;
    },
  },
  {
    name: `${shapes.length} shapes of request smuggling`,
    expected: "one 400 each, and the connection closed",
    fits: /^400$/,
    attack: (target) => all(target, shapes),
  },
  {
    name: `${chunkTricks.length} tricks with chunks`,
    expected: "400, 413 or 431, and the connection closed",
    fits: /^400$/,
    attack: (target) => all(target, chunkTricks),
  },
  {
    name: "headers of 100 kB",
    expected: "431, and the connection closed",
    fits: /^(431|no answer), closed$/,
    attack: async ({ port }: Target): Promise<string> =>
      inWords(await send(port, head(`X: ${"a".repeat(100_000)}`), { untilClosed: true })),
  },
  {
    name: "an expectation, an upgrade, a tunnel",
    expected: "no 2xx; the connection closed or the request refused",
    fits: /^(405|400|404|417|426|100 408|408|no answer)(, closed)? (405|400|404)(, closed)? (405|400|404|no answer)(, closed)?$/,
    attack: async ({ port }: Target): Promise<string> => {
      const pieces = [
        head("Expect: a-miracle", "Content-Length: 2") + "{}",
        request("GET /mutate HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"),
        request("CONNECT x:1 HTTP/1.1"),
      ];
      return (await Promise.all(pieces.map(async (bytes) => inWords(await send(port, bytes))))).join(" ");
    },
  },
  {
    name: "the client gone before the answer",
    expected: "nobody notices",
    fits: /^gone$/,
    attack: async ({ port }: Target): Promise<string> => {
      const bytes = post(reviewOf(admissionRequest("Pod", { object: pod("stray") })));
      const some = [bytes, bytes.subarray(0, -1), bytes.subarray(0, 20)];
      await Promise.all(some.map((piece) => send(port, piece, { timeoutMs: 1 })));
      return "gone";
    },
  },
];

async function slowHeaders({ port, isShort }: Target): Promise<AsyncDisposable> {
  const sockets = await Promise.all(Array.from({ length: isShort ? 20 : 100 }, () => open(port)));
  for (const socket of sockets) socket.write("POST /mutate HTTP/1.1\r\nX: ");
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("a");
  }, 100);
  return {
    [Symbol.asyncDispose]: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}
