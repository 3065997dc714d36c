import { inject } from "vitest";
import { attachControlPlane, type ControlPlane } from "../controlplane/index.js";
import { forbidTokens } from "./output-secrets.js";

/** The control plane of this worker, which it shares with the files that ran before; see start-control-plane.ts. */
export function sharedControlPlane(): ControlPlane {
  const planes = inject("controlPlanes");
  const worker = Number(process.env["VITEST_POOL_ID"]);
  const parts = planes[worker - 1];
  if (parts === undefined)
    throw new Error(`there is no control plane for worker ${worker} of ${planes.length}`);
  forbidTokens(parts.credentials);
  return attachControlPlane(parts);
}
