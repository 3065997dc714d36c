import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const shop = (name: string): object => ({ namespace: "shop", name, resourceVersion: "7", generation: 3 });

/** Objects and lists, by path. */
export type Objects = Readonly<Record<string, object>>;

const shopObjects: Objects = {
  "/version": { major: "1", minor: "35" },
  "/api/v1/namespaces/shop/pods": { apiVersion: "v1", kind: "PodList", metadata: {}, items: [] },
  "/api/v1/namespaces/shop/pods/demo-0": { apiVersion: "v1", kind: "Pod", metadata: shop("demo-0") },
  "/apis/apps/v1/namespaces/shop/deployments/web": {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: shop("web"),
    spec: { replicas: 3, template: { spec: { containers: [] } } },
  },
  "/apis/batch/v1/namespaces/shop/jobs": { apiVersion: "batch/v1", kind: "JobList", metadata: {}, items: [] },
  "/apis/cocoonset.cocoonstack.io/v1/namespaces/shop/cocoonsets/demo": {
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    metadata: shop("demo"),
    spec: { agent: { image: "ghcr.io/example/ubuntu:24.04" } },
  },
};

interface Answer {
  readonly status: number;
  readonly body: object | string;
}

const notFound = { apiVersion: "v1", kind: "Status", status: "Failure", reason: "NotFound", code: 404 };

async function answerTo(request: IncomingMessage, objects: Objects): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://api");
  if (pathname === "/readyz") return { status: 200, body: "ok" };
  const object = objects[pathname.replace(/\/status$/, "")];
  if (object === undefined) return { status: 404, body: notFound };
  const patch = request.method === "PATCH" ? (JSON.parse(await text(request)) as object) : {};
  return { status: 200, body: { ...object, ...patch } };
}

/** Answers in place of the server, or lets it: true where nothing more is to be said. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Something that speaks as an API server with a handful of objects does. It forgets what is written to it. */
export class StandInApiServer implements AsyncDisposable {
  readonly #objects: Objects;
  #port = 0;
  #misbehaviour: Misbehaviour | undefined;
  readonly #server: Server = createServer((request, response) => {
    if (this.#misbehaviour?.(request, response) === true) return;
    answerTo(request, this.#objects).then(
      ({ status, body }) => {
        response
          .writeHead(status, { "content-type": typeof body === "string" ? "text/plain" : "application/json" })
          .end(typeof body === "string" ? body : JSON.stringify(body));
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });

  private constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** @param objects what it has besides a handful in the namespace `shop` */
  static async start(objects: Objects = {}): Promise<StandInApiServer> {
    const started = new StandInApiServer({ ...shopObjects, ...objects });
    started.#server.listen(0, "127.0.0.1");
    await once(started.#server, "listening");
    return started;
  }

  /** From now on requests go through this first; `undefined`: the server is itself again. */
  misbehave(how: Misbehaviour | undefined): void {
    this.#misbehaviour = how;
  }

  /** Refuses connections, and cuts those that are open. */
  async goDown(): Promise<void> {
    this.#port = (this.#server.address() as AddressInfo).port;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Is back, at the same address. */
  async comeUp(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A kubeconfig, as JSON. */
  get kubeconfig(): string {
    const context = { cluster: "shop", user: "me", namespace: "shop" };
    return JSON.stringify({
      "current-context": "shop",
      contexts: ["shop", "staging"].map((name) => ({ name, context })),
      clusters: [{ name: "shop", cluster: { server: this.url } }],
      users: [{ name: "me", user: { token: "t" } }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
