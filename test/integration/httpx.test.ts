import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once, type EventEmitter } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { connect as connectSocket, createServer, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import {
  ListenError,
  newServer,
  run,
  verifiedClient,
  type HttpServer,
  type Phase,
  type RunOptions,
} from "@cocoonstack/common/httpx";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { describe, expect, onTestFinished, it, vi } from "vitest";
import { issueClientCertificates } from "../controlplane/client-certificates.js";

interface Running {
  readonly ports: readonly number[];
  readonly finished: Promise<void>;
  readonly phases: readonly Phase[];
  stop(): void;
}

async function start(
  servers: readonly HttpServer[],
  options: Partial<Pick<RunOptions, "drainDelayMs" | "shutdownTimeoutMs" | "hurry">> = {},
): Promise<Running> {
  const stop = new AbortController();
  const phases: Phase[] = [];
  let finished: Promise<void> | undefined;
  const ports = await new Promise<readonly number[]>((resolve, reject) => {
    finished = run(servers, {
      signal: stop.signal,
      shutdownTimeoutMs: 5_000,
      ...options,
      onReady: (addresses) => {
        resolve(addresses.map(({ port }) => port));
      },
      onPhase: (phase) => phases.push(phase),
    });
    finished.catch(reject);
  });
  onTestFinished(() => {
    stop.abort();
  });
  return {
    ports,
    finished: finished ?? Promise.resolve(),
    phases,
    stop: () => {
      stop.abort();
    },
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

async function get(port: number, agent?: Agent): Promise<Answer> {
  const request = httpRequest({ port, host: "127.0.0.1", agent: agent ?? false }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

async function isRefused(port: number): Promise<boolean> {
  const socket = connectSocket(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

/** Node's own server on `port`, which answers one request to show itself. */
async function nodeServerBehind(port: number): Promise<EventEmitter> {
  const channel = "http.server.request.start";
  let found: EventEmitter | undefined;
  const onRequest = (message: unknown): void => {
    found = (message as { server: EventEmitter }).server;
  };
  subscribe(channel, onRequest);
  await get(port);
  unsubscribe(channel, onRequest);
  if (found === undefined) throw new Error("no request was seen");
  return found;
}

/** A handler whose answers wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  let onArrival: (() => void) | undefined;
  return {
    arrived: new Promise<void>((resolve) => (onArrival = resolve)),
    handler: async (_request: unknown, response: { end(body: string): void }): Promise<void> => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        onArrival?.();
      });
      response.end("done");
    },
    open: () => {
      for (const resolve of waiting) resolve();
    },
  };
}

const local = "127.0.0.1:0";

const ok = (_request: unknown, response: { end(body: string): void }): void => {
  response.end("ok");
};

function connectionSettled(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once("close", resolve);
    socket.once("error", resolve);
  });
}

describe("run", () => {
  it("serves on several servers, tells their ports, and leaves nothing listening", async () => {
    const handler = (name: string) => (_request: unknown, response: { end(body: string): void }) => {
      response.end(name);
    };
    const running = await start([
      newServer({ name: "one", address: local, handler: handler("one") }),
      newServer({ name: "two", address: ":0", handler: handler("two") }),
    ]);
    const [one = 0, two = 0] = running.ports;
    expect([(await get(one)).body, (await get(two)).body]).toEqual(["one", "two"]);
    running.stop();
    await running.finished;
    expect(await Promise.all([one, two].map(isRefused))).toEqual([true, true]);
    expect(running.phases).toEqual(["draining", "closing"]);
  });

  it("starts nothing when the signal is aborted already", async () => {
    let ready = false;
    await run([newServer({ name: "one", address: local, handler: () => undefined })], {
      signal: AbortSignal.abort(),
      shutdownTimeoutMs: 1_000,
      onReady: () => (ready = true),
    });
    expect(ready).toBe(false);
  });

  it("refuses a server that newServer did not make", async () => {
    const foreign: HttpServer = { name: "foreign", phase: "serving", setTls: () => undefined };
    await expect(run([foreign], { signal: AbortSignal.abort(), shutdownTimeoutMs: 1 })).rejects.toThrow(
      new TypeError("foreign was not made by newServer"),
    );
  });

  it("stops the first server when the second cannot listen, and names the address", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    onTestFinished(() => void blocker.close());
    const { port: taken } = blocker.address() as AddressInfo;
    // A free port that is known beforehand, to look at afterwards.
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port: free } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, "close");

    const error = await run(
      [
        newServer({ name: "one", address: `127.0.0.1:${free}`, handler: () => undefined }),
        newServer({ name: "two", address: `127.0.0.1:${taken}`, handler: () => undefined }),
        newServer({ name: "three", address: `127.0.0.1:${taken}`, handler: () => undefined }),
      ],
      { signal: new AbortController().signal, shutdownTimeoutMs: 1_000, drainDelayMs: 60_000 },
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    const faults = (error as AggregateError).errors as readonly Error[];
    expect(faults.every((fault) => fault instanceof ListenError)).toBe(true);
    for (const fault of faults) {
      expect(fault).toMatchObject({ name: "ListenError", cause: { code: "EADDRINUSE" } });
    }
    expect(faults.map(({ message }) => message)).toEqual(
      ["two", "three"].map(
        (name) =>
          `${name}: listen address 127.0.0.1:${taken} is already in use: stop the other process or choose another address`,
      ),
    );
    expect(await isRefused(free)).toBe(true);
  });

  it("one that fails while serving stops the others without the delay, and joins its error with theirs", async () => {
    const { arrived, handler } = gate();
    const running = await start(
      [
        newServer({ name: "one", address: local, handler: (_request, response) => void response.end("ok") }),
        newServer({ name: "two", address: local, handler }),
      ],
      { drainDelayMs: 60_000, shutdownTimeoutMs: 100 },
    );
    const [one = 0, two = 0] = running.ports;
    const failed = running.finished.catch((reason: unknown) => reason);
    const cut = get(two).catch((error: unknown) => error);
    await arrived;

    const server = await nodeServerBehind(one);
    // What Node does when the process has no file descriptors left.
    server.emit("error", new Error("accept EMFILE"));
    const error = (await failed) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors.map((one: Error) => one.message)).toEqual([
      "one: the server failed: accept EMFILE",
      "two: 1 request(s) unfinished after 100 ms were cut off",
    ]);
    expect(await cut).toBeInstanceOf(Error);
    expect(running.phases).toEqual(["closing"]);
    expect(await Promise.all([one, two].map(isRefused))).toEqual([true, true]);
  });

  it("a callback that throws stops the servers, and its error is not lost", async () => {
    let port = 0;
    const error = await run([newServer({ name: "one", address: local, handler: () => undefined })], {
      signal: new AbortController().signal,
      shutdownTimeoutMs: 1_000,
      onReady: ([address]) => {
        port = address?.port ?? 0;
        throw new Error("not ready after all");
      },
      onPhase: (phase) => {
        throw new Error(`phase ${phase}`);
      },
    }).catch((reason: unknown) => reason);
    expect((error as AggregateError).message).toBe("not ready after all; phase closing");
    expect(await isRefused(port)).toBe(true);
  });

  it("drains: serves on with Connection: close, then refuses with 503, and lets the request in flight finish", async () => {
    const { arrived, handler, open } = gate();
    const seen: Phase[] = [];
    const server: HttpServer = newServer({
      name: "one",
      address: local,
      handler: (request, response) => {
        seen.push(server.phase);
        return request.url === "/slow" ? handler(request, response) : void response.end("quick");
      },
    });
    const running = await start([server], { drainDelayMs: 300 });
    const [port = 0] = running.ports;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => {
      agent.destroy();
    });
    expect((await get(port, agent)).headers.connection).toBe("keep-alive");

    const slow = httpRequest({ port, host: "127.0.0.1", path: "/slow", agent: false }).end();
    const slowResponse = once(slow, "response") as Promise<[IncomingMessage]>;
    await arrived;
    running.stop();

    const draining = await get(port, agent);
    expect([draining.status, draining.body, draining.headers.connection]).toEqual([200, "quick", "close"]);
    expect(server.phase).toBe("draining");

    while (server.phase === "draining") await delay(10);
    const late = await get(port);
    expect([late.status, late.headers["retry-after"], late.headers.connection]).toEqual([503, "1", "close"]);

    open();
    const [response] = await slowResponse;
    expect([await text(response), response.headers.connection]).toEqual(["done", "close"]);
    await running.finished;
    expect(await isRefused(port)).toBe(true);
    expect(seen).toEqual(["serving", "serving", "draining"]);
  });

  it("a refusal reaches a client that is still sending its body", async () => {
    const { arrived, handler, open } = gate();
    const running = await start([
      newServer({ name: "one", address: local, handler, refuse: (response) => response.end("{}") }),
    ]);
    const [port = 0] = running.ports;
    void get(port);
    await arrived;
    running.stop();
    await delay(20);
    const late = httpRequest({ port, host: "127.0.0.1", method: "POST", agent: false });
    late.write(Buffer.alloc(500_000));
    const response = once(late, "response") as Promise<[IncomingMessage]>;
    await delay(50);
    late.end(Buffer.alloc(500_000));
    const [{ statusCode }] = await response;
    expect(statusCode).toBe(503);
    expect(await text((await response)[0])).toBe("{}");
    open();
    await running.finished;
  });

  it("does not wait for answers to a client that has asked several times at once, and left", async () => {
    const { arrived, handler } = gate();
    const running = await start([newServer({ name: "a", address: local, handler })]);
    const { ports, finished } = running;
    const socket = connectSocket(ports[0] ?? 0, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5));
    await arrived;
    socket.destroy();
    running.stop();
    // It rejects at the deadline where something is still waited for.
    await finished;
  });

  it("closes the connection that has been idle for longest where there are too many", async () => {
    const options = { name: "a", address: local, handler: ok, maxConnections: 2 };
    const port = (await start([newServer(options)])).ports[0] ?? 0;
    const ask = async (socket: Socket): Promise<void> => {
      socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      await once(socket, "data");
    };
    const open = async (): Promise<Socket> => {
      const socket = connectSocket(port, "127.0.0.1");
      await ask(socket);
      return socket;
    };
    const [first, second] = [await open(), await open()];
    await ask(first);
    const gone = connectionSettled(second);
    const third = await open();
    await gone;
    await ask(first);
    await ask(third);
    first.destroy();
    third.destroy();
  });

  it("cuts off what is left at the deadline, and says how much", async () => {
    const { arrived, handler } = gate();
    const running = await start([newServer({ name: "one", address: local, handler })], {
      shutdownTimeoutMs: 100,
    });
    const [port = 0] = running.ports;
    const cut = get(port).catch((error: unknown) => error);
    await arrived;
    running.stop();
    await expect(running.finished).rejects.toThrow("one: 1 request(s) unfinished after 100 ms were cut off");
    expect(await cut).toBeInstanceOf(Error);
    expect(await isRefused(port)).toBe(true);
  });

  it("closes idle connections at once without a grace, and one in the middle of its handshake at the deadline", async () => {
    const { certPem: cert, keyPem: key } = await generateSelfSignedCert("localhost", "127.0.0.1");
    const running = await start(
      [
        newServer({
          name: "plain",
          address: local,
          handler: (_request, response) => void response.end("ok"),
        }),
        newServer({ name: "tls", address: local, handler: () => undefined, tls: { cert, key } }),
      ],
      { shutdownTimeoutMs: 300 },
    );
    const [plain = 0, tls = 0] = running.ports;
    const agent = new Agent({ keepAlive: true });
    await get(plain, agent);
    const silent = connectSocket(tls, "127.0.0.1");
    await once(silent, "connect");
    const silentEnd = connectionSettled(silent);
    running.stop();
    await running.finished; // no request was lost, so this is no error
    await silentEnd;
    agent.destroy();
  });

  describe("idle connections, with a grace", () => {
    const connected = async (port: number) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      onTestFinished(() => {
        agent.destroy();
      });
      await get(port, agent);
      return agent;
    };
    const quick = { name: "one", address: local, handler: ok } as const;

    it("are kept while nothing is in flight, and a request on one is told to try elsewhere", async () => {
      const running = await start([newServer({ ...quick, idleGraceMs: 600_000 })], {
        shutdownTimeoutMs: 600_000,
      });
      const [port = 0] = running.ports;
      const agent = await connected(port);
      running.stop();
      await delay(300);
      const late = await get(port, agent);
      expect([late.status, late.headers["retry-after"], late.headers.connection]).toEqual([
        503,
        "1",
        "close",
      ]);
      // That was the last connection, so the rest of the grace, which is longer than a test may take, is nobody's.
      await running.finished;
    });

    it("are closed at the end of the grace, or of nine tenths of the shutdown timeout, and that is no fault", async () => {
      const stopTimeMs = async (idleGraceMs: number): Promise<number> => {
        const running = await start([newServer({ ...quick, idleGraceMs })], { shutdownTimeoutMs: 1_000 });
        await connected(running.ports[0] ?? 0);
        const startMs = performance.now();
        running.stop();
        await running.finished;
        return performance.now() - startMs;
      };
      const [short, long] = await Promise.all([stopTimeMs(300), stopTimeMs(60_000)]);
      expect(short).toBeGreaterThan(290);
      expect(short).toBeLessThan(long);
      expect(long).toBeGreaterThan(890);
    });

    it("are closed at once when a person is in a hurry, or after a failure", async () => {
      const hurry = new AbortController();
      const running = await start([newServer({ ...quick, idleGraceMs: 60_000 })], {
        shutdownTimeoutMs: 60_000,
        hurry: hurry.signal,
      });
      await connected(running.ports[0] ?? 0);
      running.stop();
      await delay(100);
      hurry.abort();
      await running.finished;

      const failing = await start([newServer({ ...quick, idleGraceMs: 60_000 })], {
        shutdownTimeoutMs: 60_000,
      });
      const [port = 0] = failing.ports;
      await connected(port);
      (await nodeServerBehind(port)).emit("error", new Error("accept EMFILE"));
      await expect(failing.finished).rejects.toThrow("accept EMFILE");
    });
  });

  it("leaves no listeners on the signal and no timers", async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { signal } = stop;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    await run([newServer({ name: "one", address: local, handler: () => undefined })], {
      signal,
      shutdownTimeoutMs: 60_000,
      drainDelayMs: 10,
      onReady: () => {
        stop.abort();
      },
    });
    expect([listeners, timers() - before]).toEqual([0, 0]);
  });
});

describe("newServer", () => {
  it("speaks TLS 1.2 and later, HTTP/1.1 only, and takes a new certificate while it runs", async () => {
    const [first, second] = await Promise.all(
      ["first", "second"].map((name) => generateSelfSignedCert(name, "127.0.0.1")),
    );
    if (first === undefined || second === undefined) throw new Error("no certificates");
    const server = newServer({
      name: "tls",
      address: local,
      handler: (request, response) => void response.end(request.httpVersion),
      tls: { cert: first.certPem, key: first.keyPem },
    });
    const [port = 0] = (await start([server])).ports;
    const commonName = async (): Promise<unknown> => {
      const socket = connectTls({
        port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        ALPNProtocols: ["h2", "http/1.1"],
      });
      await once(socket, "secureConnect");
      expect(socket.alpnProtocol).toBe("http/1.1");
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      return name;
    };
    expect(await commonName()).toBe("first");
    expect(() => {
      server.setTls({ cert: second.certPem, key: first.keyPem });
    }).toThrow();
    expect(await commonName()).toBe("first");
    server.setTls({ cert: second.certPem, key: second.keyPem });
    expect(await commonName()).toBe("second");

    const request = httpsRequest({ port, host: "127.0.0.1", ca: second.certPem, agent: false }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(await text(response)).toBe("1.1");
    const old = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, maxVersion: "TLSv1.1" });
    const [refused] = (await once(old, "error")) as [Error];
    expect(refused.message).toMatch(/protocol/i);

    // Also with the second certificate, which came while it ran.
    const asking = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, maxVersion: "TLSv1.2" });
    await once(asking, "secureConnect");
    asking.renegotiate({}, () => undefined);
    const [noRenegotiation] = (await once(asking, "error")) as [Error];
    expect(noRenegotiation.message).toMatch(/no renegotiation/i);
  });

  it("asks for certificates of clientCa, tells who came, and asks nobody else to change that", async () => {
    const { caPem, certificates } = await issueClientCertificates({ ann: { user: "ann", groups: [] } });
    const pair = await generateSelfSignedCert("server", "127.0.0.1");
    const tls = { cert: pair.certPem, key: pair.keyPem };
    const server = newServer({
      name: "one",
      address: local,
      tls: { ...tls, clientCa: caPem },
      handler: (request, response) => {
        const client = verifiedClient(request);
        response.end("fault" in client ? client.fault : client.commonName);
      },
    });
    const [port] = (await start([server])).ports;
    const ask = async (client: object): Promise<string> => {
      const options = { port, host: "127.0.0.1", ca: pair.certPem, agent: false, ...client };
      const [response] = (await once(httpsRequest(options).end(), "response")) as [IncomingMessage];
      return text(response);
    };
    const { certPem = "", keyPem = "" } = certificates["ann"] ?? {};
    expect(await ask({ cert: certPem, key: keyPem })).toBe("ann");
    expect(await ask({})).toBe("none");
    expect(await ask(tls)).toBe("untrusted");
    expect(() => {
      server.setTls(tls);
    }).toThrow("one: whether clients are asked for certificates is settled at its start");
  });

  it("takes a kept connection's client for as good as its certificate is at each request", async () => {
    const { caPem, certificates } = await issueClientCertificates({ ann: { user: "ann", groups: [] } });
    const pair = await generateSelfSignedCert("server", "127.0.0.1");
    const server = newServer({
      name: "one",
      address: local,
      tls: { cert: pair.certPem, key: pair.keyPem, clientCa: caPem },
      handler: (request, response) => {
        const client = verifiedClient(request);
        response.end("fault" in client ? client.fault : client.commonName);
      },
    });
    const [port] = (await start([server])).ports;
    const { certPem = "", keyPem = "" } = certificates["ann"] ?? {};
    const agent = new HttpsAgent({ keepAlive: true, ca: pair.certPem, cert: certPem, key: keyPem });
    onTestFinished(() => {
      agent.destroy();
      vi.useRealTimers();
    });
    const ask = async (): Promise<string> => {
      const request = httpsRequest({ port, host: "127.0.0.1", agent }).end();
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return text(response);
    };
    expect(await ask()).toBe("ann");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 24 * 3_600_000 });
    expect(await ask()).toBe("expired");
  });

  it("cuts slow headers and slow bodies off, and refuses long headers", async () => {
    const server = newServer({
      name: "one",
      address: local,
      headersTimeoutMs: 200,
      requestTimeoutMs: 400,
      maxHeaderBytes: 2_048,
      handler: async (request, response) => {
        await text(request);
        response.end("ok");
      },
      onHandlerError: () => undefined,
    });
    const [port = 0] = (await start([server])).ports;
    const answerTo = async (bytes: string): Promise<string> => {
      const socket = connectSocket(port, "127.0.0.1");
      socket.write(bytes);
      return (await text(socket)).split("\r\n")[0] ?? "";
    };
    expect(
      await Promise.all([
        answerTo("GET / HTTP/1.1\r\nHost: a\r\n"),
        answerTo("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab"),
        answerTo(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(4_000)}\r\n\r\n`),
      ]),
    ).toEqual([
      "HTTP/1.1 408 Request Timeout",
      "HTTP/1.1 408 Request Timeout",
      "HTTP/1.1 431 Request Header Fields Too Large",
    ]);
  });

  it("answers 500 for a handler that throws, and reports the error", async () => {
    const errors: unknown[] = [];
    const server = newServer({
      name: "one",
      address: local,
      handler: () => Promise.reject(new Error("secret detail")),
      onHandlerError: (error) => errors.push(error),
    });
    const [port = 0] = (await start([server])).ports;
    const { status, body } = await get(port);
    expect([status, body]).toEqual([500, "internal error\n"]);
    expect(errors).toEqual([new Error("secret detail")]);
  });
});
