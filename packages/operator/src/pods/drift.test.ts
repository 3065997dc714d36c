import { describe, expect, it } from "vitest";
import { agentPod, setView, toolboxPod } from "../../../../test/support/operator/objects.js";
import { podAnnotations } from "../model/index.js";
import { differences, driftOf } from "./drift.js";
import { agentMember, toolboxMember } from "./member.js";

const set = setView({
  agent: { storage: "1Gi", resources: { limits: { cpu: "1", memory: "2Gi" }, requests: { cpu: "1" } } },
});
const main = agentMember(set, 0);
const withoutHash = { annotations: { [podAnnotations.templateHash]: undefined } };
const containers = (resources: object, rest: object = {}): Readonly<Record<string, unknown>> => ({
  containers: [{ name: "agent", resources, ...rest }],
});

describe("driftOf", () => {
  it("leaves a pod alone whose hash is its member's, whatever others made of the rest", () => {
    const pod = agentPod(set, 0, { spec: containers({ limits: { cpu: "64" } }) });
    expect(driftOf(pod, main)).toBe("same");
  });

  it("replaces a pod whose hash is another", () => {
    const edited = setView({ agent: { ...set.spec.agent, image: "ubuntu:26.04" } });
    expect(driftOf(agentPod(set, 0), agentMember(edited, 0))).toBe("replace");
  });

  it.each([undefined, "v0-9ae16a3b2f90404f"])(
    "adopts a pod with the hash %s when nothing differs",
    (hash) => {
      expect(driftOf(agentPod(set, 0, { annotations: { [podAnnotations.templateHash]: hash } }), main)).toBe(
        "adopt",
      );
    },
  );

  it("replaces a pod without a hash that differs", () => {
    const pod = agentPod(set, 0, {
      annotations: { ...withoutHash.annotations, "cocoonset.cocoonstack.io/image": "ubuntu:22.04" },
    });
    expect(driftOf(pod, main)).toBe("replace");
  });
});

describe("differences", () => {
  it.each([
    ["image", { "cocoonset.cocoonstack.io/image": "ubuntu:22.04" }],
    ["mode", { "cocoonset.cocoonstack.io/mode": "run" }],
    ["os", { "cocoonset.cocoonstack.io/os": "windows" }],
    ["storage", { "cocoonset.cocoonstack.io/storage": "2Gi" }],
    ["network", { "cocoonset.cocoonstack.io/network": "lan" }],
    ["managed", { "cocoonset.cocoonstack.io/managed": undefined }],
    ["backend", { "vm.cocoonstack.io/backend": "firecracker" }],
    ["noDirectIO", { "vm.cocoonstack.io/no-direct-io": "true" }],
  ])("names %s", (field, annotations) => {
    expect(differences(agentPod(set, 0, { annotations }), main)).toEqual([field]);
  });

  it.each([
    ["snapshot-policy", { "cocoonset.cocoonstack.io/snapshot-policy": "never" }],
    ["force-pull", { "cocoonset.cocoonstack.io/force-pull": "true" }],
    ["conn-type", { "vm.cocoonstack.io/conn-type": "vnc" }],
    ["probe-port", { "vm.cocoonstack.io/probe-port": "22" }],
    ["fork-from", { "vm.cocoonstack.io/fork-from": "vk-shop-demo-9" }],
    ["the VM's name", { "vm.cocoonstack.io/name": "vk-shop-other-0" }],
  ])("does not name %s, for which no VM is replaced", (_, annotations) => {
    expect(differences(agentPod(set, 0, { annotations }), main)).toEqual([]);
  });

  it.each([
    ["as asked for", { limits: { cpu: "1", memory: "2Gi" }, requests: { cpu: "1" } }, []],
    ["in other words", { limits: { cpu: "1000m", memory: "2048Mi" }, requests: { cpu: 1 } }, []],
    [
      "with what the API server fills in",
      { limits: { cpu: "1", memory: "2Gi" }, requests: { cpu: "1", memory: "2Gi" } },
      [],
    ],
    [
      "with the disk and what a LimitRange adds",
      {
        limits: { cpu: "1", memory: "2Gi", "ephemeral-storage": "1Gi", "example.com/a": "1" },
        requests: { cpu: "1", "ephemeral-storage": "1Gi" },
      },
      [],
    ],
    ["with another limit", { limits: { cpu: "2", memory: "2Gi" }, requests: { cpu: "1" } }, ["resources"]],
    [
      "with another request",
      { limits: { cpu: "1", memory: "2Gi" }, requests: { cpu: "500m" } },
      ["resources"],
    ],
    ["without a limit", { requests: { cpu: "1" } }, ["resources"]],
  ])("compares resources: %s", (_, resources, expected) => {
    expect(differences(agentPod(set, 0, { spec: containers(resources) }), main)).toEqual(expected);
  });

  it.each([
    [{ serviceAccountName: "default" }, []],
    [{ serviceAccountName: "worker" }, ["serviceAccountName"]],
    [{ nodeSelector: { "cocoonstack.io/pool": "gpu" } }, ["nodePool"]],
    [{ nodeSelector: {} }, []],
    [{ nodeName: "node-9", tolerations: [] }, []],
  ])("compares the pod's own fields: %j", (spec, expected) => {
    expect(differences(agentPod(set, 0, { spec }), main)).toEqual(expected);
  });

  it("compares the environment, in order and without regard to the order of keys", () => {
    const view = setView({
      agent: { envFrom: [{ prefix: "A_", secretRef: { name: "a" } }, { prefix: "B_" }] },
    });
    const pod = (envFrom: unknown): ReturnType<typeof agentPod> =>
      agentPod(view, 0, { spec: containers({}, { envFrom }) });
    const [first, second] = [{ secretRef: { name: "a" }, prefix: "A_" }, { prefix: "B_" }];
    expect(differences(pod([first, second]), agentMember(view, 0))).toEqual([]);
    expect(differences(pod([second, first]), agentMember(view, 0))).toEqual(["envFrom"]);
  });

  it.each([
    ["staticVMID", { "vm.cocoonstack.io/id": "vm-8" }],
    ["staticIP", { "vm.cocoonstack.io/ip": "10.0.0.6" }],
    ["vncPort", { "vm.cocoonstack.io/vnc-port": "5901" }],
  ])("names %s of a static toolbox", (field, annotations) => {
    const toolbox = { name: "jump", mode: "static", staticIP: "10.0.0.5", staticVMID: "vm-9", vncPort: 5900 };
    const preset = { "vm.cocoonstack.io/id": "vm-9", "vm.cocoonstack.io/ip": "10.0.0.5" };
    const pod = toolboxPod(set, toolbox, { annotations: { ...preset, ...annotations } });
    expect(differences(pod, toolboxMember(set, toolbox))).toEqual([field]);
  });
});
