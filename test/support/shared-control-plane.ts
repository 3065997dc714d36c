import path from "node:path";
import { afterAll, inject } from "vitest";
import { attachControlPlane, type ControlPlane, type ControlPlaneParts } from "../controlplane/index.js";
import { tryLock } from "../controlplane/folder-lock.js";
import { forbidTokens } from "./output-secrets.js";

/**
 * A control plane that no other file uses at the same time, shared with those that ran before; see start-control-plane.ts. A
 * lock in its folder says whose it is, because Vitest numbers the workers of several projects together.
 */
export function sharedControlPlane(): ControlPlane {
  const { parts, release } = take(inject("controlPlanes"));
  // Registered before all others of the file, so it runs last.
  afterAll(release);
  forbidTokens(parts.credentials);
  return attachControlPlane(parts);
}

interface Taken {
  readonly parts: ControlPlaneParts;
  readonly release: () => void;
}

/** There are as many as workers, so at most a file that is just ending has to be waited for. */
const waitMs = 300_000;

function take(planes: readonly ControlPlaneParts[]): Taken {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    for (const parts of planes) {
      const release = tryLock(path.join(parts.folder, "in-use"));
      if (release !== undefined) return { parts, release };
    }
    if (performance.now() > deadlineMs) throw new Error(`all ${planes.length} control planes are in use`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}
