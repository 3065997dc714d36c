import type { ControlPlane } from "../controlplane/index.js";
import { must } from "./registered-webhook.js";

/**
 * Resolves when the API server serves every CRD that was applied. `kubectl wait` fails on one that is so new that it has
 * no conditions yet, so it is asked again.
 */
export async function untilEstablished(plane: Pick<ControlPlane, "kubectl">): Promise<void> {
  const wait = (): ReturnType<typeof plane.kubectl> =>
    plane.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
  for (let attempt = 1; attempt < 20; attempt++) {
    if ((await wait()).code === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await must(wait());
}
