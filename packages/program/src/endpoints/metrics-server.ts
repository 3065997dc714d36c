import { type HttpServer, newServer } from "@cocoonstack/common/httpx";
import type { Logger } from "@cocoonstack/common/log";
import type { Registry } from "prom-client";
import { readOnly, type Route, router, sendText } from "./routes.js";

/** The plain HTTP server that Prometheus scrapes; it never serves admission. */
export function metricsServer(address: string, registry: Registry, log: Logger): HttpServer {
  const metrics: Route = async (_request, response) => {
    sendText(response, 200, await registry.metrics(), registry.contentType);
  };
  return newServer({
    name: "the metrics (METRICS_ADDR, --metrics-addr)",
    address,
    handler: router(new Map([["/metrics", readOnly(metrics)]])),
    onHandlerError: (error) => {
      log.error({ err: error }, "the metrics could not be collected");
    },
  });
}
