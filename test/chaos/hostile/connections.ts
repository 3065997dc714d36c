import { connect as connectPlain } from "node:net";
import { inTurns } from "../../support/in-turns.js";
import { admissionRequest, reviewOf } from "../../support/admission-request.js";
import { pod } from "../../support/objects.js";
import { decisionIn, open, post, send } from "../core/raw.js";
import type { Hostile, Target } from "./hostile.js";

const review = post(reviewOf(admissionRequest("Pod", { object: pod("stray") })));

/** Thousands of handshakes at once would keep the attacker busier than the server. */
const openedAtOnce = 50;

/** How connections are made and kept. */
export const connections: readonly Hostile[] = [
  {
    name: "10,000 idle connections",
    expected: "others are served; of more than 2,000, the ones idle for longest are closed",
    fits: /^refused 403$/,
    hold: idle,
    attack: async ({ port }: Target): Promise<string> => decisionIn(await send(port, review)),
  },
  {
    name: "TLS 1.1",
    expected: "no handshake",
    fits: /^no handshake$/,
    attack: async ({ port }: Target): Promise<string> => {
      // At Node's usual security level, OpenSSL would not even try.
      const tls = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
      return open(port, tls).then(
        (socket) => {
          socket.destroy();
          return `a handshake with ${socket.getProtocol() ?? "?"}`;
        },
        () => "no handshake",
      );
    },
  },
  {
    name: "renegotiation in TLS 1.2",
    expected: "refused, and the connection closed or used on as it is",
    fits: /^refused$/,
    attack: renegotiate,
  },
  {
    name: "a server name that is not ours",
    expected: "served: who is asked is not who decides",
    fits: /^refused 403$/,
    attack: async ({ port }: Target): Promise<string> =>
      decisionIn(await send(port, review, { tls: { servername: "evil.example" } })),
  },
  {
    name: "a server name of 16 kB",
    expected: "no handshake, or served",
    fits: /^(no handshake|refused 403)$/,
    attack: ({ port }: Target): Promise<string> =>
      send(port, review, { tls: { servername: "a".repeat(16_000) } }).then(decisionIn, () => "no handshake"),
  },
  {
    name: "HTTP without TLS, and bytes that are neither",
    expected: "closed without an answer",
    fits: /^closed$/,
    attack: async ({ port }: Target): Promise<string> => {
      const pieces = [review, Buffer.from("\x16\x03\x01\xff\xff\x01"), Buffer.alloc(20_000, 0x80)];
      const words = await Promise.all(pieces.map((bytes) => plain(port, bytes)));
      return [...new Set(words)].join(" and ");
    },
  },
  {
    name: "handshakes that are given up half-way, 50 at once",
    expected: "others are served",
    fits: /^refused 403$/,
    attack: async ({ port }: Target): Promise<string> => {
      await Promise.all(Array.from({ length: 50 }, () => plain(port, Buffer.from("\x16\x03\x01\x02"), 20)));
      return decisionIn(await send(port, review));
    },
  },
];

async function idle({ port, isShort }: Target): Promise<AsyncDisposable> {
  const count = isShort ? 300 : 10_000;
  const sockets: Awaited<ReturnType<typeof open>>[] = [];
  await inTurns(
    openedAtOnce,
    Array.from({ length: count }, (_, index) => index),
    async () => {
      sockets.push(await open(port));
    },
  );
  return {
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}

async function renegotiate({ port }: Target): Promise<string> {
  const socket = await open(port, { maxVersion: "TLSv1.2" });
  return new Promise((resolve) => {
    const settle = (words: string): void => {
      socket.destroy();
      resolve(words);
    };
    socket.once("error", () => {
      settle("refused");
    });
    socket.once("close", () => {
      settle("refused");
    });
    socket.renegotiate({}, (error) => {
      settle(error === null ? "renegotiated" : "refused");
    });
  });
}

/** Sends bytes without TLS, and waits for the end of the connection, or for as long as is said. */
function plain(port: number, bytes: Buffer, patienceMs = 15_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectPlain(port, "127.0.0.1");
    let got = "";
    const settle = (words: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(words);
    };
    const timer = setTimeout(settle, patienceMs, "still open");
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (got += chunk.toString("latin1")));
    socket.on("close", () => {
      settle(got.startsWith("HTTP") ? `answered ${got.slice(9, 12)}` : "closed");
    });
    socket.write(bytes);
  });
}
