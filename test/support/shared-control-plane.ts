import { inject } from "vitest";
import { attachControlPlane, type ControlPlane } from "../controlplane/index.js";

/** The control plane that all end-to-end tests share; see start-control-plane.ts. */
export const sharedControlPlane = (): ControlPlane => attachControlPlane(inject("controlPlane"));
