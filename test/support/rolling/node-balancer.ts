import { once } from "node:events";
import { get } from "node:https";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Balancer, healthCheck } from "./balancer.js";

/** A replica as the balancer sees it. */
class Replica {
  readonly port: number;
  #failures: number = healthCheck.fall;

  constructor(port: number) {
    this.port = port;
  }

  get isUp(): boolean {
    return this.#failures < healthCheck.fall;
  }

  /** Asks it again and again. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#failures = (await isReady(this.port)) ? 0 : this.#failures + 1;
      await delay(healthCheck.intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const { path, timeoutMs } = healthCheck;
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { host: "127.0.0.1", port, path, signal, agent: false, rejectUnauthorized: false };
    get(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => {
      resolve(false);
    });
  });
}

/** A balancer for machines without haproxy, which does just what these tests need. */
export async function nodeBalancer(ports: readonly number[]): Promise<Balancer> {
  const replicas = ports.map((port) => new Replica(port));
  const sockets = new Set<Socket>();
  const stop = new AbortController();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const up = replicas.filter(({ isUp }) => isUp);
    const replica = up[turn++ % up.length];
    if (replica === undefined) client.destroy();
    else join(client, connect({ port: replica.port, host: "127.0.0.1", allowHalfOpen: true }), sockets);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const watches = replicas.map((replica) => replica.watch(stop.signal));
  await delay(healthCheck.intervalMs);
  return {
    kind: "a TCP balancer of our own",
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      stop.abort();
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...watches]);
    },
  };
}

/** Passes bytes and ends on, in both directions; a side that is cut off takes the other one with it. */
function join(client: Socket, replica: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, replica],
    [replica, client],
  ] as const) {
    sockets.add(one);
    one.setNoDelay();
    one.pipe(other);
    one.on("error", () => undefined);
    one.on("close", () => {
      sockets.delete(one);
      other.destroySoon();
    });
  }
}
