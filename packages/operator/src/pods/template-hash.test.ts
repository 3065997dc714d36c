import { describe, expect, it } from "vitest";
import { setView } from "../../../../test/support/operator/objects.js";
import { agentMember, toolboxMember } from "./member.js";
import { templateHash } from "./template-hash.js";

const hashOf = (
  agent: Readonly<Record<string, unknown>>,
  spec: Readonly<Record<string, unknown>> = {},
): string => templateHash(agentMember(setView({ agent, spec }), 0));
const base = { storage: "2Gi", resources: { limits: { cpu: "1" } }, envFrom: [{ secretRef: { name: "a" } }] };
const staticBase = { name: "jump", mode: "static", staticIP: "10.0.0.5", staticVMID: "vm-9" };

describe("templateHash", () => {
  it.each([
    ["image", { image: "ubuntu:26.04" }, {}],
    ["mode", { mode: "run" }, {}],
    ["os", { os: "windows" }, {}],
    ["backend", { backend: "firecracker" }, {}],
    ["storage", { storage: "3Gi" }, {}],
    ["network", { network: "lan" }, {}],
    ["noDirectIO", { noDirectIO: true }, {}],
    ["limits", { resources: { limits: { cpu: "2" } } }, {}],
    ["requests", { resources: { limits: { cpu: "1" }, requests: { cpu: "500m" } } }, {}],
    ["claims", { resources: { limits: { cpu: "1" }, claims: [{ name: "gpu" }] } }, {}],
    ["envFrom", { envFrom: [{ secretRef: { name: "b" } }] }, {}],
    ["serviceAccountName", { serviceAccountName: "worker" }, {}],
    ["nodePool", {}, { nodePool: "gpu" }],
  ])("sees another %s, which takes another VM", (_, agent, spec) => {
    expect(hashOf({ ...base, ...agent }, spec)).not.toBe(hashOf(base));
  });

  it.each([
    ["snapshotPolicy", {}, { snapshotPolicy: "never" }],
    ["probePort", { probePort: 22 }, {}],
    ["connType", { connType: "vnc" }, {}],
    ["forcePull", { forcePull: true }, {}],
    ["replicas", { replicas: 5 }, {}],
    ["suspend", {}, { suspend: true }],
    [
      "defaults that are written out",
      { mode: "clone", os: "linux", serviceAccountName: "default" },
      { nodePool: "default" },
    ],
    ["equal quantities", { storage: "2048Mi", resources: { limits: { cpu: "1000m" } } }, {}],
    ["requests that are the limits", { resources: { limits: { cpu: 1 }, requests: { cpu: "1" } } }, {}],
    ["fields that are null", { network: null, envFrom: [{ secretRef: { name: "a" }, prefix: null }] }, {}],
  ])("does not see %s", (_, agent, spec) => {
    expect(hashOf({ ...base, ...agent }, spec)).toBe(hashOf(base));
  });

  it("is the same for all agents of a set", () => {
    const set = setView({ agent: base });
    expect(templateHash(agentMember(set, 4))).toBe(templateHash(agentMember(set, 0)));
  });

  it.each([{ staticIP: "10.0.0.6" }, { staticVMID: "vm-8" }, { vncPort: 5900 }])(
    "sees of a static toolbox %j",
    (change) => {
      const set = setView();
      const hash = templateHash(toolboxMember(set, staticBase));
      expect(templateHash(toolboxMember(set, { ...staticBase, ...change }))).not.toBe(hash);
    },
  );

  // A hash that comes out otherwise in a later version would replace every VM of a cluster.
  it("stays what it was", () => {
    expect(hashOf(base)).toBe("v1-8934e41453d1341f");
  });
});
