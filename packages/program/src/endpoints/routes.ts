import type { IncomingMessage, ServerResponse } from "node:http";
import { sendStatus } from "@cocoonstack/common/k8s/admission";
import { type ReadinessCheck, reportReadiness } from "./readiness.js";

/** Answers a request for one path. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Sends each request to the route of its path, whatever its query; an unknown path is a 404. */
export function router(routes: ReadonlyMap<string, Route>): Route {
  const known = [...routes.keys()].join(", ");
  return (request, response) => {
    const route = routes.get(pathOf(request.url ?? ""));
    if (route !== undefined) return route(request, response);
    sendStatus(response, {
      code: 404,
      reason: "NotFound",
      message: `there is nothing at this path; there is ${known}`,
    });
    return undefined;
  };
}

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** `GET /healthz`: the process runs. Never depends on anything else, so that no outage elsewhere restarts it. */
export const healthz: Route = (_request, response) => {
  sendText(response, 200, "ok");
};

/** `GET /readyz`: whether to send requests here; `?verbose` lists the checks. */
export const readyz =
  (checks: readonly ReadinessCheck[]): Route =>
  (request, response) => {
    const { ready, verbose } = reportReadiness(checks);
    const brief = ready ? "ok" : "not ready; ask /readyz?verbose for the reason";
    const wantsAll = new URLSearchParams(request.url?.split("?").at(1)).has("verbose");
    sendText(response, ready ? 200 : 503, wantsAll ? verbose : brief);
  };

/** The route for GET and HEAD; any other method is a 405. */
export const readOnly =
  (route: Route): Route =>
  (request, response) => {
    if (request.method === "GET" || request.method === "HEAD") return route(request, response);
    sendStatus(response, {
      code: 405,
      reason: "MethodNotAllowed",
      message: "this path is read by GET",
      headers: { Allow: "GET, HEAD" },
      close: true,
    });
    return undefined;
  };

/** A short text; the body of a HEAD is left out by Node. */
export function sendText(response: ServerResponse, code: number, text: string, type = "text/plain"): void {
  response
    .writeHead(code, {
      "Content-Type": type.includes(";") ? type : `${type}; charset=utf-8`,
      "X-Content-Type-Options": "nosniff",
    })
    .end(text);
}
