import { type HttpServer, newServer, type ServerTls } from "@cocoonstack/common/httpx";
import { BodyBudget, sendStatus, serve } from "@cocoonstack/common/k8s/admission";
import {
  healthz,
  type ReadinessCheck,
  readOnly,
  readyz,
  type Route,
  router,
} from "@cocoonstack/program/endpoints";
import { admit, type Endpoint, type Observers } from "../admission/index.js";
import type { Config } from "../config/index.js";
import { ClientGate } from "./client-gate.js";
import { InFlightLimit } from "./in-flight-limit.js";

/**
 * API servers keep a connection for 90 s without a request, also one that never had any, and do not repeat a review that was
 * on its way when the connection was closed: whoever closes first loses requests. So connections are left to them, while
 * the webhook serves and, as long as the shutdown timeout allows, while it stops.
 */
const apiServerPatienceMs = 100_000;

/** API servers keep some dozens. An idle one takes some 60 kB, so these are a quarter of the shipped limit of memory. */
const maxConnections = 2_000;

/** What the admission server serves, and how. */
export interface AdmissionServerOptions extends Observers {
  readonly config: Pick<
    Config,
    "listenAddr" | "maxBodyBytes" | "maxBodiesBytes" | "bodyTimeoutMs" | "maxInFlight" | "clientNames"
  >;
  readonly endpoints: readonly Endpoint[];
  readonly tls: ServerTls;
  /** What being ready depends on. */
  readonly checks: readonly ReadinessCheck[];
}

/** The HTTPS server that API servers and kubelet's probes call. */
export function admissionServer(options: AdmissionServerOptions): HttpServer {
  const { config, log, tls, checks, endpoints, metrics } = options;
  const routes = new Map<string, Route>([
    ["/healthz", readOnly(healthz)],
    ["/readyz", readOnly(readyz(checks))],
  ]);
  const limit = new InFlightLimit(config.maxInFlight, () => {
    metrics.refused("overload");
  });
  const budget = new BodyBudget(config.maxBodiesBytes);
  // Before the limit, so that whoever is not let in takes up none of it; and not before the probes, because kubelet has no certificate.
  const guarded = tls.clientCa === undefined ? (route: Route) => route : gateOf(options);
  for (const endpoint of endpoints) {
    routes.set(endpoint.path, guarded(limit.wrap(admissionRoute(endpoint, budget, options))));
  }
  return newServer({
    name: "the webhook (LISTEN_ADDR, --listen-addr)",
    address: config.listenAddr,
    tls,
    handler: router(routes),
    headersTimeoutMs: apiServerPatienceMs,
    idleGraceMs: apiServerPatienceMs,
    maxConnections,
    // A slow body is cut off by its own deadline, with an answer in the form that API servers expect.
    requestTimeoutMs: config.bodyTimeoutMs + 20_000,
    refuse: (response) => {
      sendStatus(response, {
        code: 503,
        reason: "ServiceUnavailable",
        message: "the webhook is stopping; try again",
        close: true,
      });
    },
    onHandlerError: (error) => {
      log.error({ err: error }, "a request handler threw");
    },
  });
}

function gateOf({ config, log, metrics }: AdmissionServerOptions): (route: Route) => Route {
  const gate = new ClientGate({
    names: config.clientNames,
    log,
    onRefused: () => {
      metrics.refused("client");
    },
  });
  return (route) => gate.wrap(route);
}

function admissionRoute(endpoint: Endpoint, budget: BodyBudget, options: AdmissionServerOptions): Route {
  const { config, log, metrics } = options;
  return serve(admit(endpoint, options), {
    maxBytes: config.maxBodyBytes,
    bodyTimeoutMs: config.bodyTimeoutMs,
    budget,
    onFault: (fault) => {
      metrics.refused(fault);
      log.debug({ path: endpoint.path, cause: fault }, "refused a request that is no admission review");
    },
    onError: (error) => {
      log.error({ err: error, path: endpoint.path }, "an answer could not be made");
    },
  });
}
