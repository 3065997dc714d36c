import { spawnSync } from "node:child_process";
import { haproxyBalancer } from "./haproxy-balancer.js";
import { nodeBalancer } from "./node-balancer.js";

/**
 * What stands in front of the replicas, as a Service does: it passes TCP connections on without looking into them, sends new
 * ones only to replicas that are ready, learns late that one is not, and leaves open what is open.
 */
export interface Balancer extends AsyncDisposable {
  /** What it is, for the report. */
  readonly kind: string;
  readonly port: number;
}

/** How it learns of readiness: about a second late, as endpoints are. */
export const healthCheck = { path: "/readyz", intervalMs: 300, timeoutMs: 2_000, fall: 3 } as const;

/**
 * Starts one for replicas on these ports of 127.0.0.1, of which not all need be there: haproxy where it is installed, else a
 * small one of our own, which `COCOON_BALANCER=own` chooses in any case.
 */
export function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const isWanted = process.env["COCOON_BALANCER"] !== "own";
  return isWanted && spawnSync("haproxy", ["-v"]).status === 0 ? haproxyBalancer(ports) : nodeBalancer(ports);
}
