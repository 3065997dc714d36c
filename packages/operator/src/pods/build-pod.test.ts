import { describe, expect, it } from "vitest";
import { setView } from "../../../../test/support/operator/objects.js";
import { buildPod } from "./build-pod.js";
import { agentMember, toolboxMember } from "./member.js";

const fresh = { fromSnapshot: false };
const set = setView({
  agent: {
    mode: "run",
    replicas: 2,
    storage: "1024Mi",
    probePort: 22,
    serviceAccountName: "worker",
    envFrom: [{ secretRef: { name: "tokens" } }],
    resources: { limits: { cpu: 2 }, requests: { memory: "1Gi" } },
  },
  spec: { snapshotPolicy: "main-only", nodePool: "gpu" },
});

describe("buildPod", () => {
  it("makes the main agent, field by field", () => {
    expect(buildPod(set, agentMember(set, 0), fresh)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        namespace: "shop",
        name: "demo-0",
        labels: {
          "cocoonset.cocoonstack.io/name": "demo",
          "cocoonset.cocoonstack.io/role": "main",
          "cocoonset.cocoonstack.io/slot": "0",
          "app.kubernetes.io/name": "demo",
        },
        annotations: {
          "cocoonset.cocoonstack.io/generation": "3",
          "cocoonset.cocoonstack.io/image": "ubuntu:24.04",
          "cocoonset.cocoonstack.io/mode": "run",
          "cocoonset.cocoonstack.io/os": "linux",
          "cocoonset.cocoonstack.io/storage": "1Gi",
          "cocoonset.cocoonstack.io/snapshot-policy": "main-only",
          "cocoonset.cocoonstack.io/managed": "true",
          "cocoonset.cocoonstack.io/template-hash": expect.stringMatching(/^v1-[0-9a-f]{16}$/) as string,
          "vm.cocoonstack.io/name": "vk-shop-demo-0",
          "vm.cocoonstack.io/backend": "cloud-hypervisor",
          "vm.cocoonstack.io/probe-port": "22",
        },
        ownerReferences: [
          {
            apiVersion: "cocoonset.cocoonstack.io/v1",
            kind: "CocoonSet",
            name: "demo",
            uid: "set-uid",
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        nodeSelector: { "cocoonstack.io/pool": "gpu" },
        serviceAccountName: "worker",
        terminationGracePeriodSeconds: 1,
        tolerations: [
          { key: "virtual-kubelet.io/provider", operator: "Exists" },
          { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
          { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
        ],
        containers: [
          {
            name: "agent",
            image: "ghcr.io/cocoonstack/placeholder:latest",
            envFrom: [{ secretRef: { name: "tokens" } }],
            resources: {
              limits: { cpu: 2, "ephemeral-storage": "1Gi" },
              requests: { memory: "1Gi", "ephemeral-storage": "1Gi" },
            },
          },
        ],
      },
    });
  });

  it("makes a sub-agent that forks the main agent on its node", () => {
    const pod = buildPod(set, agentMember(set, 2), { nodeName: "node-1", fromSnapshot: false });
    expect(pod.metadata).toMatchObject({
      name: "demo-2",
      labels: { "cocoonset.cocoonstack.io/role": "sub-agent", "cocoonset.cocoonstack.io/slot": "2" },
      annotations: {
        "vm.cocoonstack.io/name": "vk-shop-demo-2",
        "vm.cocoonstack.io/fork-from": "vk-shop-demo-0",
      },
    });
    expect(pod.spec.nodeName).toBe("node-1");
  });

  it("makes a toolbox without what belongs to agents", () => {
    const pod = buildPod(set, toolboxMember(set, { name: "db", image: "postgres:17" }), fresh);
    expect(pod.metadata.labels).toMatchObject({
      "cocoonset.cocoonstack.io/role": "toolbox",
      "cocoonset.cocoonstack.io/slot": "db",
    });
    expect(pod.metadata.annotations).toMatchObject({ "vm.cocoonstack.io/name": "vk-shop-demo-db" });
    expect(pod.metadata.annotations).not.toHaveProperty(["vm.cocoonstack.io/fork-from"]);
    expect(pod.spec).not.toHaveProperty("serviceAccountName");
    expect(pod.spec.containers).toEqual([
      { name: "agent", image: "ghcr.io/cocoonstack/placeholder:latest", resources: {} },
    ]);
  });

  it("presets what is known of a static toolbox, and does not manage it", () => {
    const toolbox = { name: "jump", mode: "static", staticIP: "10.0.0.5", staticVMID: "vm-9", vncPort: 5900 };
    const { annotations } = buildPod(set, toolboxMember(set, toolbox), fresh).metadata;
    expect(annotations).toMatchObject({
      "vm.cocoonstack.io/id": "vm-9",
      "vm.cocoonstack.io/ip": "10.0.0.5",
      "vm.cocoonstack.io/vnc-port": "5900",
    });
    expect(annotations).not.toHaveProperty(["cocoonset.cocoonstack.io/managed"]);
  });

  it("marks a pod whose VM comes from its snapshot", () => {
    expect(buildPod(set, agentMember(set, 0), { fromSnapshot: true }).metadata.annotations).toHaveProperty(
      ["vm.cocoonstack.io/restore-from-hibernate"],
      "true",
    );
  });

  it.each([
    ["no storage", {}, {}],
    ["storage of nothing", { storage: "0" }, {}],
    [
      "storage alone",
      { storage: "1Gi" },
      { limits: { "ephemeral-storage": "1Gi" }, requests: { "ephemeral-storage": "1Gi" } },
    ],
    ["claims", { resources: { claims: [{ name: "gpu" }] } }, { claims: [{ name: "gpu" }] }],
  ])("asks for the disk in requests and limits: %s", (_, agent, resources) => {
    const view = setView({ agent });
    expect(buildPod(view, agentMember(view, 0), fresh).spec.containers[0]?.resources).toEqual(resources);
  });
});
