import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import {
  connect,
  generateSelfSignedCert,
  loadConfig,
  newClientset,
  RequestError,
  sleep,
  type ClusterConnection,
  type ConnectOptions,
  type KeyPair,
} from "@cocoonstack/common/k8s";
import { beforeAll, describe, expect, onTestFinished, it } from "vitest";
import { until } from "../support/eventually.js";

let serverPair: KeyPair;
let clients: readonly KeyPair[];
beforeAll(async () => {
  serverPair = await generateSelfSignedCert("apiserver", "127.0.0.1");
  clients = await Promise.all(["one", "two"].map((name) => generateSelfSignedCert(name, "127.0.0.1")));
});

type ApiHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Something that answers like an API server, and counts its connections. */
async function apiServer(handler: ApiHandler, options: ServerOptions = {}) {
  const server = createServer({ cert: serverPair.certPem, key: serverPair.keyPem, ...options }, handler);
  const sockets: TLSSocket[] = [];
  server.on("secureConnection", (socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

async function tcpServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    onSocket(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Cluster {
  readonly connection: ClusterConnection;
  readonly write: (file: string, content: string) => Promise<void>;
}

/** A connection by a kubeconfig whose files can be rewritten. */
async function connectTo(
  server: string,
  user: object = { tokenFile: "token" },
  options: ConnectOptions & { reloadIntervalMs?: number } = {},
): Promise<Cluster> {
  const folder = await mkdtemp(path.join(tmpdir(), "k8s-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = (file: string, content: string): Promise<void> => writeFile(path.join(folder, file), content);
  await write("ca", serverPair.certPem);
  await write("token", "t1");
  await write("cert", clients[0]?.certPem ?? "");
  await write("key", clients[0]?.keyPem ?? "");
  const config = {
    "current-context": "x",
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server, "certificate-authority": "ca" } }],
    users: [{ name: "u", user }],
  };
  await write("kubeconfig", JSON.stringify(config));
  const connection = await connect(
    await loadConfig({
      env: { KUBECONFIG: path.join(folder, "kubeconfig") },
      reloadIntervalMs: options.reloadIntervalMs ?? 60_000,
    }),
    options,
  );
  onTestFinished(() => connection.close());
  return { connection, write };
}

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

/** The common name of the client's certificate. */
function commonName(socket: Socket): unknown {
  return socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined;
}

async function failure(promise: Promise<unknown>): Promise<RequestError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof RequestError)) throw new Error("no RequestError", { cause: error });
  return error;
}

describe("connections", () => {
  it("hundreds of requests share a few, and carry token, agent and path", async () => {
    const seen = new Set<string>();
    const api = await apiServer((request, response) => {
      seen.add(
        [request.method, request.url, request.headers.authorization, request.headers["user-agent"]].join(" "),
      );
      setTimeout(() => {
        json(response, { kind: "Namespace" });
      }, 5);
    });
    const { connection } = await connectTo(`${api.url}/k8s/clusters/c-1/`, undefined, {
      connections: 4,
      userAgent: "test/1",
    });
    for (let i = 0; i < 20; i++) await connection.getJson("/api?x=1");
    expect(api.sockets.length).toBeLessThanOrEqual(2);
    const answers = await Promise.all(Array.from({ length: 200 }, () => connection.getJson("/api?x=1")));
    expect(answers).toEqual(answers.map(() => ({ status: 200, body: { kind: "Namespace" } })));
    expect(api.sockets.length).toBeLessThanOrEqual(4);
    expect([...seen]).toEqual(["GET /k8s/clusters/c-1/api?x=1 Bearer t1 test/1"]);
  });

  it("a GET that meets a connection which is just being closed is repeated, a POST is not", async () => {
    let cuts = 2;
    const api = await apiServer((request, response) => {
      if (cuts-- > 0) request.socket.destroy();
      else json(response, {});
    });
    const { connection } = await connectTo(api.url);
    cuts = 1;
    expect((await connection.getJson("/")).status).toBe(200);
    cuts = 1;
    const error = await failure(connection.request({ method: "POST", path: "/", body: "{}" }));
    expect([error.kind, error.message]).toEqual([
      "connection",
      "POST /: the connection failed (UND_ERR_SOCKET)",
    ]);
  });

  it("close lets a request finish, refuses the next and leaves no connection", async () => {
    const api = await apiServer(
      (_request, response) =>
        void sleep(100).then(() => {
          json(response, {});
        }),
    );
    const { connection } = await connectTo(api.url);
    const last = connection.getJson("/");
    await sleep(30);
    const closed = connection.close();
    expect((await failure(connection.getJson("/"))).kind).toBe("closed");
    expect((await last).status).toBe(200);
    await closed;
    await sleep(20);
    expect(api.sockets.every((socket) => socket.destroyed)).toBe(true);
  });
});

describe("answers", () => {
  it("any status is an answer; text is kept where a failure is no JSON", async () => {
    const api = await apiServer((request, response) => {
      if (request.url === "/status") json(response, { kind: "Status", code: 404 }, 404);
      else response.writeHead(request.url === "/html" ? 200 : 429).end("<slow down>");
    });
    const { connection } = await connectTo(api.url);
    expect(await connection.getJson("/status")).toEqual({ status: 404, body: { kind: "Status", code: 404 } });
    expect(await connection.getJson("/text")).toEqual({ status: 429, body: "<slow down>" });
    const error = await failure(connection.getJson("/html"));
    expect([error.kind, error.message]).toEqual([
      "malformed",
      "GET /html: the answer (status 200) is not JSON",
    ]);
  });

  it("an answer that is too long is cut off, whether it says its length or not", async () => {
    const api = await apiServer((request, response) => {
      if (request.url === "/length") response.setHeader("content-length", 2_000_000);
      response.write(Buffer.alloc(1_000_000));
      response.end(Buffer.alloc(1_000_000));
    });
    const { connection } = await connectTo(api.url, undefined, { maxBodyBytes: 100_000 });
    for (const url of ["/length", "/chunked"]) {
      expect((await failure(connection.getJson(url))).kind).toBe("too-large");
    }
  });

  it("a request carries body, type and headers", async () => {
    const api = await apiServer((request, response) => {
      void text(request).then((body) => {
        json(response, { body, type: request.headers["content-type"], accept: request.headers.accept });
      });
    });
    const { connection } = await connectTo(api.url);
    const { body } = await connection.request({
      method: "PATCH",
      path: "/",
      body: "{}",
      contentType: "application/merge-patch+json",
      headers: { accept: "text/plain" },
    });
    expect(JSON.parse(body.toString())).toEqual({
      body: "{}",
      type: "application/merge-patch+json",
      accept: "text/plain",
    });
  });
});

describe("deadlines", () => {
  /** That it waited, and not for the 30 s of a request without a deadline: timers of a busy process are no clock. */
  const inTime = async (promise: Promise<unknown>, ms: number): Promise<RequestError> => {
    const start = performance.now();
    const error = await failure(promise);
    expect(performance.now() - start).toBeGreaterThan(ms / 2);
    expect(performance.now() - start).toBeLessThan(30_000);
    return error;
  };

  it.each(["a handshake", "an answer", "the rest of an answer"])("%s that never comes", async (what) => {
    const url =
      what === "a handshake"
        ? await tcpServer(() => undefined)
        : (
            await apiServer((_request, response) => {
              if (what !== "an answer") response.write("{");
            })
          ).url;
    const { connection } = await connectTo(url);
    const error = await inTime(connection.getJson("/x", { timeoutMs: 100 }), 100);
    expect([error.kind, error.message]).toEqual(["timeout", "GET /x: no answer within 100 ms"]);
    await connection.close();
  });

  it("waiting for a free connection counts", async () => {
    const api = await apiServer(() => undefined);
    const { connection } = await connectTo(api.url, undefined, { connections: 1, timeoutMs: 300 });
    const first = failure(connection.getJson("/"));
    expect((await inTime(connection.getJson("/", { timeoutMs: 100 }), 100)).kind).toBe("timeout");
    expect((await first).message).toBe("GET /: no answer within 300 ms");
  });

  it("the caller's signal ends it, and keeps no listener", async () => {
    const api = await apiServer((request, response) => {
      if (request.url === "/quick") json(response, {});
    });
    const { connection } = await connectTo(api.url);
    const stop = new AbortController();
    await connection.getJson("/quick", { signal: stop.signal });
    const pending = failure(connection.getJson("/", { signal: stop.signal }));
    stop.abort(new Error("enough"));
    const error = await pending;
    expect([error.kind, error.cause]).toEqual(["aborted", new Error("enough")]);
    expect((await failure(connection.getJson("/quick", { signal: stop.signal }))).kind).toBe("aborted");
  });
});

describe("streams", () => {
  /** Reads until `count` chunks have come. */
  const read = async (chunks: AsyncIterable<Buffer>, count = Number.POSITIVE_INFINITY): Promise<string[]> => {
    const seen: string[] = [];
    for await (const chunk of chunks) {
      seen.push(chunk.toString());
      if (seen.length === count) break;
    }
    return seen;
  };

  it("give what has come, and go on beyond deadline, length and number of connections", async () => {
    const open: ServerResponse[] = [];
    const api = await apiServer((request, response) => {
      if (request.url === "/quick") json(response, {});
      else open.push(response.writeHead(200, { "x-head": "first" }));
      response.flushHeaders();
    });
    const limits = { connections: 1, timeoutMs: 200, maxBodyBytes: 1_000 };
    const { connection } = await connectTo(api.url, undefined, limits);
    const streams = await Promise.all([1, 2, 3].map(() => connection.stream({ path: "/watch" })));
    expect(streams.map(({ status, headers }) => [status, headers["x-head"]])).toEqual(
      streams.map(() => [200, "first"]),
    );
    expect((await connection.getJson("/quick", { timeoutMs: 10_000 })).status).toBe(200);
    await sleep(300);
    for (const response of open) response.end("x".repeat(5_000));
    const lengths = await Promise.all(
      streams.map(async ({ chunks }) => (await read(chunks)).join("").length),
    );
    expect(lengths).toEqual([5_000, 5_000, 5_000]);
  });

  it("have a deadline for their head", async () => {
    const api = await apiServer(() => undefined);
    const { connection } = await connectTo(api.url);
    const error = await failure(connection.stream({ path: "/watch", timeoutMs: 100 }));
    expect([error.kind, error.message]).toEqual(["timeout", "GET /watch: no answer within 100 ms"]);
  });

  it.each([
    ["its caller aborts it", "aborted", "GET /watch: aborted"],
    ["the connection is closed", "closed", "the stream was cut, because its connection is being closed"],
    ["the server cuts it", "connection", "GET /watch: the connection failed (UND_ERR_SOCKET)"],
  ])("end when %s", async (why, kind, message) => {
    const api = await apiServer((_request, response) => response.write("{}\n"));
    const { connection } = await connectTo(api.url);
    const stop = new AbortController();
    const { chunks } = await connection.stream({ path: "/watch", signal: stop.signal });
    const ended = failure(read(chunks));
    if (kind === "aborted") stop.abort();
    else if (kind === "closed") await connection.close();
    else api.sockets.forEach((socket) => socket.destroy());
    const error = await ended;
    expect([error.kind, error.message], why).toEqual([kind, message]);
  });

  it("that are left or aborted unread keep no connection and no listener", async () => {
    const api = await apiServer((_request, response) => response.write("{}\n"));
    const { connection } = await connectTo(api.url);
    const stop = new AbortController();
    const left = await connection.stream({ path: "/left", signal: stop.signal });
    expect(await read(left.chunks, 1)).toEqual(["{}\n"]);
    const unread = await connection.stream({ path: "/unread", signal: stop.signal });
    stop.abort();
    expect((await failure(read(unread.chunks))).kind).toBe("aborted");
    await until(
      "a socket is open",
      () => Promise.resolve(api.sockets.filter(({ destroyed }) => !destroyed).length),
      (count) => count === 0,
    );
  });

  it("read credentials again after a 401", async () => {
    const api = await apiServer((request, response) => {
      const accepted = request.headers.authorization === "Bearer t2";
      response.writeHead(accepted ? 200 : 401).end(accepted ? "yes" : "no");
    });
    const { connection, write } = await connectTo(api.url);
    const refused = await connection.stream({ path: "/watch" });
    expect([refused.status, await read(refused.chunks)]).toEqual([401, ["no"]]);
    await write("token", "t2");
    const accepted = await connection.stream({ path: "/watch" });
    expect([accepted.status, await read(accepted.chunks)]).toEqual([200, ["yes"]]);
    expect(api.sockets).toHaveLength(1);
  });
});

describe("failures of the connection", () => {
  it.each([
    ["https://127.0.0.1:1", "connection", "GET /: the connection failed (ECONNREFUSED)"],
    ["https://name.invalid", "connection", "GET /: the connection failed (E"],
  ])("%s", async (url, kind, message) => {
    const { connection } = await connectTo(url);
    const error = await failure(connection.getJson("/"));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(message);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it("a server that is not who it should be", async () => {
    const other = await generateSelfSignedCert("other", "127.0.0.1");
    const api = await apiServer(
      (_request, response) => {
        json(response, {});
      },
      { cert: other.certPem, key: other.keyPem },
    );
    const { connection } = await connectTo(api.url);
    expect((await failure(connection.getJson("/"))).kind).toBe("tls");
  });
});

describe("credentials that change", () => {
  it("a token is read again when it is old, and at once after a 401", async () => {
    let valid = "t1";
    const api = await apiServer((request, response) => {
      const accepted = request.headers.authorization === `Bearer ${valid}`;
      json(response, request.headers.authorization, accepted ? 200 : 401);
    });
    const aging = await connectTo(api.url, undefined, { reloadIntervalMs: 0 });
    await aging.connection.getJson("/");
    valid = "t2";
    await aging.write("token", "t2\n");
    expect(await aging.connection.getJson("/")).toEqual({ status: 200, body: "Bearer t2" });

    const lasting = await connectTo(api.url);
    valid = "t1";
    await lasting.connection.getJson("/");
    valid = "t3";
    expect((await lasting.connection.getJson("/")).status).toBe(401);
    await lasting.write("token", "t3");
    const many = await Promise.all(Array.from({ length: 20 }, () => lasting.connection.getJson("/")));
    expect(many.every(({ status }) => status === 200)).toBe(true);
  });

  it("a client certificate is replaced without losing a request, also when caught half-way", async () => {
    const api = await apiServer(
      (request, response) => {
        json(response, commonName(request.socket));
      },
      { requestCert: true, rejectUnauthorized: false },
    );
    const user = { "client-certificate": "cert", "client-key": "key" };
    const { connection, write } = await connectTo(api.url, user, { reloadIntervalMs: 10 });
    const name = async (): Promise<unknown> => (await connection.getJson("/")).body;
    expect(await name()).toBe("one");
    const stop = new AbortController();
    const load = (async () => {
      while (!stop.signal.aborted) expect((await connection.getJson("/")).status).toBe(200);
    })();
    await write("cert", clients[1]?.certPem ?? "");
    await sleep(50);
    expect(await name()).toBe("one");
    await write("key", clients[1]?.keyPem ?? "");
    await sleep(50);
    expect(await name()).toBe("two");
    stop.abort();
    await load;
    await sleep(50);
    const open = api.sockets.filter((socket) => !socket.destroyed);
    expect([...new Set(open.map(commonName))]).toEqual(["two"]);
  });

  it("unusable certificates show when connecting", async () => {
    const user = { "client-certificate": "ca", "client-key": "key" };
    await expect(connectTo("https://127.0.0.1:1", user)).rejects.toThrow("do not fit together");
  });
});

it("a clientset uses the same connections, and throws the library's exceptions", async () => {
  const seen: string[] = [];
  const api = await apiServer((request, response) => {
    seen.push(`${request.method ?? ""} ${request.url ?? ""} ${request.headers.authorization ?? ""}`);
    if (request.url?.endsWith("/none") === true) json(response, { kind: "Status", code: 404 }, 404);
    else json(response, { kind: "PodList", apiVersion: "v1", items: [{ metadata: { name: "a" } }] });
  });
  const { connection } = await connectTo(api.url, undefined, { connections: 2 });
  const { core } = await newClientset(connection);
  const lists = await Promise.all(
    Array.from({ length: 20 }, () => core.listNamespacedPod({ namespace: "shop", limit: 5 })),
  );
  expect(lists.map(({ items }) => items[0]?.metadata?.name)).toEqual(lists.map(() => "a"));
  expect(api.sockets.length).toBeLessThanOrEqual(2);
  expect(seen[0]).toBe("GET /api/v1/namespaces/shop/pods?limit=5 Bearer t1");
  await expect(core.readNamespacedPod({ namespace: "shop", name: "none" })).rejects.toMatchObject({
    code: 404,
  });
});
