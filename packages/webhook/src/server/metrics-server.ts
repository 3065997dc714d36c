import { type HttpServer, newServer } from "@cocoonstack/common/httpx";
import type { Registry } from "prom-client";
import { router, sendText } from "./routes.js";

/** The plain HTTP server that Prometheus scrapes; it never serves admission. */
export function metricsServer(address: string, registry: Registry): HttpServer {
  const routes = new Map([
    [
      "/metrics",
      async (_request: unknown, response: Parameters<typeof sendText>[0]): Promise<void> => {
        sendText(response, 200, await registry.metrics(), registry.contentType);
      },
    ],
  ]);
  return newServer({ name: "the metrics", address, handler: router(routes) });
}
