import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes TCP connections on to a server until it is told otherwise, and counts. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** With the scheme of the server: `https://HOST:PORT`. */
  readonly url: string;
  /** How many connections were ever accepted. */
  readonly accepted: number;
  /** How many bytes clients have sent: none more means that no request has left. */
  readonly bytesFromClients: number;
  /** From now on nothing gets through, in either direction, and no connection is closed: as a hanging server looks. */
  stall(): void;
  /** Every connection is reset, also those to come: as a server looks that is gone. */
  reset(): void;
  /** Connections are cut, and every request on those to come is answered so, without TLS: as a proxy does before a dead server. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void;
  /** What comes from the server is passed on in drops of so many bytes, ten times a second. */
  drip(bytes: number): void;
  /** Ends any of these. What was held back goes through, and everything after it. */
  resume(): void;
  /** Cuts every connection; new ones are taken. */
  cut(): void;
}

type Fault =
  | { readonly kind: "none" | "stall" | "reset" }
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "drip"; readonly bytes: number };

const dripMs = 100;

/** Stands between clients and the server of `target`. Listens on `host` alone, an IPv4 address. */
export async function faultProxy(target: string, host = "127.0.0.1"): Promise<FaultProxy> {
  const { protocol, hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let fault: Fault = { kind: "none" };
  let accepted = 0;
  let bytesFromClients = 0;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    if (fault.kind === "stall") socket.pause();
  };

  const passOn = (client: Socket): void => {
    const upstream = connect(Number(targetPort), hostname);
    keep(upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("close", () => to.destroy());
      from.on("data", (chunk: Buffer) => {
        if (fault.kind === "drip" && from === upstream) drop(from, to, chunk, fault.bytes);
        // Held back until there is room, so that nothing piles up here.
        else if (!to.write(chunk)) pauseUntilDrained(from, to);
      });
    }
  };

  const pauseUntilDrained = (from: Socket, to: Socket): void => {
    from.pause();
    to.once("drain", () => {
      if (fault.kind !== "stall") from.resume();
    });
  };

  const drop = (from: Socket, to: Socket, chunk: Buffer, bytes: number): void => {
    to.write(chunk.subarray(0, bytes));
    from.pause();
    const rest = chunk.subarray(bytes);
    if (rest.length > 0) from.unshift(rest);
    setTimeout(() => {
      if (fault.kind !== "stall") from.resume();
    }, dripMs).unref();
  };

  const server = createServer((client) => {
    accepted++;
    client.on("data", (chunk: Buffer) => (bytesFromClients += chunk.length));
    keep(client);
    if (fault.kind === "reset") client.resetAndDestroy();
    else if (fault.kind === "answer") answerOnce(client, fault.text);
    else passOn(client);
  }).listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const begin = (next: Fault): void => {
    fault = next;
    for (const socket of sockets) {
      if (next.kind === "stall") socket.pause();
      else if (next.kind === "reset") socket.resetAndDestroy();
      else if (next.kind === "answer") socket.destroy();
      else socket.resume();
    }
  };

  return {
    port,
    url: `${protocol}//${host}:${port}`,
    get accepted() {
      return accepted;
    },
    get bytesFromClients() {
      return bytesFromClients;
    },
    stall: () => {
      begin({ kind: "stall" });
    },
    reset: () => {
      begin({ kind: "reset" });
    },
    answer: (status, headers = {}) => {
      begin({ kind: "answer", text: answerText(status, headers) });
    },
    drip: (bytes) => {
      begin({ kind: "drip", bytes });
    },
    resume: () => {
      begin({ kind: "none" });
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Waits for something of a request, and reads all of it away: a client whose body is refused would see a reset. */
function answerOnce(client: Socket, text: string): void {
  client.once("data", () => {
    client.end(text);
  });
}

function answerText(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ ...headers, "content-length": "0", connection: "close" });
  return `HTTP/1.1 ${status} Fault\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}
