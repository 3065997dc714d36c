import { type HttpServer, newServer } from "@cocoonstack/common/httpx";
import { healthz, type ReadinessCheck, readOnly, readyz, router } from "@cocoonstack/program/endpoints";

/** The plain HTTP server that kubelet's probes call: that it answers says that the loop turns. */
export const probeServer = (address: string, checks: readonly ReadinessCheck[]): HttpServer =>
  newServer({
    name: "the probes (PROBE_ADDR, --health-probe-bind-address)",
    address,
    handler: router(
      new Map([
        ["/healthz", readOnly(healthz)],
        ["/readyz", readOnly(readyz(checks))],
      ]),
    ),
  });
