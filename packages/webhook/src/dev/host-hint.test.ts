import { expect, it } from "vitest";
import { hostHint } from "./host-hint.js";

it.each([
  ["minikube", "host.minikube.internal"],
  ["k3d-demo", "host.k3d.internal"],
  ["kind-demo", "docker network inspect kind"],
  ["docker-desktop", "host.docker.internal"],
  ["colima", "host.docker.internal"],
])("in %s, names %s", (context, name) => {
  expect(hostHint(context, undefined)).toContain(name);
});

it("names an address of this machine, where it has one", () => {
  expect(hostHint("production", "10.0.0.7")).toContain("(an address of this machine is 10.0.0.7)");
  expect(hostHint(undefined, undefined)).toBe(
    "say by --host what API servers call this machine, and let them through the firewall to the port that --port fixes",
  );
});
