import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What a client does to a server, seen from the wire. */
export interface CountingProxy extends AsyncDisposable {
  readonly port: number;
  /** `https://HOST:PORT`. */
  readonly url: string;
  /** How many connections were ever accepted. */
  readonly accepted: number;
  /** How many bytes clients have sent: none more means that no request has left. */
  readonly bytesFromClients: number;
}

/** Passes TCP connections on to the server of `target`, and counts. Listens on `host` alone, an IPv4 address. */
export async function countingProxy(target: string, host = "127.0.0.1"): Promise<CountingProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let accepted = 0;
  let bytesFromClients = 0;
  const server = createServer((client) => {
    accepted++;
    client.on("data", (chunk) => (bytesFromClients += chunk.length));
    const upstream = connect(Number(targetPort), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }).listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://${host}:${port}`,
    get accepted() {
      return accepted;
    },
    get bytesFromClients() {
      return bytesFromClients;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
