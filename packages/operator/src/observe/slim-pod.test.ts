import { describe, expect, it } from "vitest";
import { agentPod, cocoonSet, type PodOptions, setView } from "../../../../test/support/operator/objects.js";
import { planned, recorded } from "../../../../test/support/operator/planned.js";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import { isSamePod, slimPod, type SlimPod } from "./slim-pod.js";

const set = setView();

/** A pod as the API server sends it, with what others have written on it. */
function wholePod(options?: PodOptions): KubeObject {
  const { metadata, spec, status } = agentPod(set, 0, options);
  const [container] = spec?.containers ?? [];
  const [ready] = status?.conditions ?? [];
  const whole = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      namespace: "shop",
      creationTimestamp: "2026-03-01T10:00:00Z",
      labels: { ...metadata.labels, team: "shop" },
      annotations: { ...metadata.annotations, "example.com/note": "x".repeat(1_000) },
      ownerReferences: [...(metadata.ownerReferences ?? []), { kind: "Note", name: "n", controller: false }],
      managedFields: [{ manager: "kubectl" }],
    },
    spec: {
      ...spec,
      nodeSelector: { ...spec?.nodeSelector, disk: "ssd" },
      containers: [
        { ...container, image: "placeholder", volumeMounts: [{ name: "token" }] },
        { name: "sidecar" },
      ],
      volumes: [{ name: "token" }],
    },
    status: {
      ...status,
      conditions: [
        { type: "PodScheduled", status: "True", lastTransitionTime: "2026-03-01T10:00:01Z" },
        ...(ready === undefined ? [] : [{ ...ready, lastProbeTime: null }]),
      ],
      podIP: "10.0.0.4",
    },
  };
  return whole;
}

describe("slimPod", () => {
  it("keeps what plans read, and nothing that others write", () => {
    const { metadata } = agentPod(set, 0);
    expect(slimPod(wholePod())).toEqual({
      metadata: {
        namespace: "shop",
        name: "demo-0",
        uid: "uid-demo-0",
        resourceVersion: "11",
        labels: {
          "cocoonset.cocoonstack.io/name": "demo",
          "cocoonset.cocoonstack.io/role": "main",
          "cocoonset.cocoonstack.io/slot": "0",
        },
        annotations: metadata.annotations,
        ownerReferences: metadata.ownerReferences,
      },
      spec: {
        nodeName: "node-1",
        nodeSelector: { "cocoonstack.io/pool": "default" },
        containers: [{ name: "agent", resources: {} }],
      },
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-03-01T11:59:00.000Z" }],
        containerStatuses: [{ state: { running: {} } }],
      },
    });
  });

  it.each<[string, PodOptions]>([
    ["boots", { state: "booting" }],
    ["runs", {}],
    ["goes to sleep", { state: "hibernating" }],
    ["sleeps", { state: "hibernated" }],
    ["failed", { state: "failed" }],
    ["ended", { status: { phase: "Succeeded" } }],
    ["is about to go", { metadata: { deletionTimestamp: "2026-03-01T11:59:59Z" } }],
    ["is nobody's", { metadata: { ownerReferences: [] } }],
    [
      "has the resources of another template",
      { spec: { containers: [{ name: "agent", resources: { limits: { cpu: "9" } } }] } },
    ],
    ["has no hash", { annotations: { "cocoonset.cocoonstack.io/template-hash": undefined } }],
    ["is of another pool", { spec: { nodeSelector: { "cocoonstack.io/pool": "gpu" } } }],
    ["has another service account", { spec: { serviceAccountName: "robot" } }],
    ["takes its environment from elsewhere", { spec: { containers: [{ name: "agent", envFrom: [{}] }] } }],
  ])("makes no difference to a plan where the pod %s", (_, options) => {
    const noHash = { "cocoonset.cocoonstack.io/template-hash": undefined };
    for (const annotations of [options.annotations, { ...options.annotations, ...noHash }]) {
      const whole = wholePod({ ...options, ...(annotations !== undefined && { annotations }) });
      for (const round of [{}, { spec: { suspend: true } }, { annotations: recorded({}) }]) {
        const by = (pod: object): unknown => planned({ set: cocoonSet(round), pods: [pod as SlimPod] });
        expect(by(slimPod(whole))).toEqual(by(whole));
      }
    }
  });

  it("takes a pod of which hardly anything is said", () => {
    const bare = { metadata: { name: "p", uid: "u", resourceVersion: "1", labels: null, annotations: null } };
    expect(slimPod(bare as unknown as KubeObject)).toEqual({
      metadata: {
        namespace: "",
        name: "p",
        uid: "u",
        resourceVersion: "1",
        labels: {},
        annotations: {},
        ownerReferences: [],
      },
      spec: { containers: [] },
      status: { conditions: [], containerStatuses: [] },
    });
  });
});

describe("isSamePod", () => {
  const slim = (change: (pod: WholePod) => void = () => undefined): SlimPod => {
    const whole = wholePod() as unknown as WholePod;
    change(whole);
    return slimPod(whole as unknown as KubeObject);
  };

  it.each<[string, (pod: WholePod) => void]>([
    ["another version", ({ metadata }) => (metadata.resourceVersion = "12")],
    ["somebody's note", ({ metadata }) => (metadata.annotations["example.com/note"] = "y")],
    ["somebody's label", ({ metadata }) => (metadata.labels["team"] = "other")],
    ["who wrote what", ({ metadata }) => (metadata.managedFields = [])],
    [
      "since when its container runs",
      ({ status }) => (status.containerStatuses = [running("2026-03-02T00:00:00Z")]),
    ],
    ["that it was scheduled", ({ status }) => status.conditions.shift()],
  ])("is true where nothing differs but %s", (_, change) => {
    expect(isSamePod(slim(), slim(change))).toBe(true);
  });

  it.each<[string, (pod: WholePod) => void]>([
    [
      "an annotation of Cocoon's",
      ({ metadata }) => (metadata.annotations["vm.cocoonstack.io/hibernate"] = "true"),
    ],
    ["the slot", ({ metadata }) => (metadata.labels["cocoonset.cocoonstack.io/slot"] = "1")],
    ["its owner", ({ metadata }) => (metadata.ownerReferences = [])],
    ["that it is to go", ({ metadata }) => (metadata.deletionTimestamp = "2026-03-01T12:00:00Z")],
    ["its node", ({ spec }) => (spec.nodeName = "node-2")],
    ["its phase", ({ status }) => (status.phase = "Failed")],
    ["that it is ready", ({ status }) => (status.conditions = [])],
    ["that no container runs", ({ status }) => (status.containerStatuses = [])],
    ["the pod of its name", ({ metadata }) => (metadata.uid = "other")],
  ])("is false where %s differs", (_, change) => {
    expect(isSamePod(slim(), slim(change))).toBe(false);
  });
});

/** The fields that these tests change. */
interface WholePod {
  metadata: {
    uid: string;
    resourceVersion: string;
    deletionTimestamp?: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    ownerReferences: object[];
    managedFields: object[];
  };
  spec: { nodeName: string };
  status: { phase: string; conditions: object[]; containerStatuses: object[] };
}

const running = (startedAt: string): object => ({ state: { running: { startedAt } } });
