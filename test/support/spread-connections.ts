import { type AddressInfo, connect, createServer } from "node:net";

/** Hands each new connection to the next backend, as a Service does. */
export interface SpreadConnections extends AsyncDisposable {
  readonly port: number;
  /** Ports on 127.0.0.1. */
  backends: readonly number[];
}

/** Listens on a free port of 127.0.0.1. */
export async function spreadConnections(): Promise<SpreadConnections> {
  let next = 0;
  const open = new Set<{ destroy(): void }>();
  const server = createServer((client) => {
    const port = spread.backends[next++ % Math.max(1, spread.backends.length)];
    if (port === undefined) {
      client.destroy();
      return;
    }
    const backend = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const spread: SpreadConnections = {
    port: (server.address() as AddressInfo).port,
    backends: [],
    [Symbol.asyncDispose]: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
  return spread;
}
