import { afterAll, beforeAll } from "vitest";
import type { ControlPlane } from "../../controlplane/index.js";
import { namespace } from "../objects.js";
import { good } from "../person.js";
import { sharedControlPlane } from "../shared-control-plane.js";
import { Teardown } from "../teardown.js";
import { startScheduler } from "./agents.js";
import { PodsIn } from "./pods-in.js";

/**
 * The pods of a namespace for the tests of a file, on a control plane that no other file uses at the same time, and a stand-in for the
 * scheduler that gives them nodes. Whoever asks starts the nodes.
 */
export function podsOnNodes(
  ns: string,
  scheduling?: Parameters<typeof startScheduler>[1],
): { readonly plane: ControlPlane; readonly pods: PodsIn } {
  const plane = sharedControlPlane();
  const own = new Teardown();
  afterAll(() => own[Symbol.asyncDispose]());
  beforeAll(async () => {
    await good(plane.request("POST", "/api/v1/namespaces", namespace(ns)));
    own.defer(async () => {
      const now = ["--all", "--force", "--grace-period=0", "--wait=false"];
      await plane.kubectl(["-n", ns, "delete", "pods", ...now]);
      await plane.kubectl(["delete", "namespace", ns, "--wait=false"]);
    });
    await own.adopt(startScheduler(plane, scheduling), (stop) => stop());
  });
  return { plane, pods: new PodsIn(plane, ns) };
}
