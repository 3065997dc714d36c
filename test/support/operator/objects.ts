import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import {
  applyLifecycleStatus,
  applyVMRuntime,
  readCocoonSetGeneration,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import {
  hibernationFinalizer,
  type PodManifest,
  type PodView,
  readSet,
  setFinalizer,
  type SetView,
  timeText,
} from "../../../packages/operator/src/model/index.js";
import {
  agentMember,
  buildPod,
  type Member,
  toolboxMember,
} from "../../../packages/operator/src/pods/index.js";

/** When tests about decisions take place. */
export const nowMs = Date.parse("2026-03-01T12:00:00Z");

/** So long before {@link nowMs}. */
export const ago = (beforeMs: number): string => timeText(nowMs - beforeMs);

/** What tests change about a CocoonSet. */
export interface SetOptions {
  readonly agent?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: NonNullable<Decoded<CocoonSet>["status"]>;
}

/** The CocoonSet `demo` in the namespace `shop`, which the operator has seen before. */
export const cocoonSet = ({
  agent,
  spec,
  metadata,
  annotations,
  status,
}: SetOptions = {}): Decoded<CocoonSet> => ({
  metadata: {
    namespace: "shop",
    name: "demo",
    uid: "set-uid",
    resourceVersion: "7",
    generation: 3,
    finalizers: [setFinalizer],
    annotations: { ...annotations },
    ...metadata,
  },
  spec: { agent: { image: "ubuntu:24.04", ...agent }, ...spec },
  ...(status !== undefined && { status }),
});

/** The view of {@link cocoonSet}. */
export const setView = (options: SetOptions = {}): SetView => readSet(cocoonSet(options));

/** How far a VM has come. */
export type VMState = "booting" | "running" | "hibernating" | "hibernated" | "failed";

/** What tests change about a pod. */
export interface PodOptions {
  readonly state?: VMState;
  readonly annotations?: Readonly<Record<string, string | undefined>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

const lifecycles = {
  booting: "creating",
  running: "ready",
  hibernating: "hibernating",
  hibernated: "hibernated",
  failed: "failed",
} as const satisfies Readonly<Record<VMState, string>>;

const runningStatus = {
  phase: "Running",
  conditions: [{ type: "Ready", status: "True", lastTransitionTime: ago(60_000) }],
  containerStatuses: [{ state: { running: {} } }],
};

const pendingStatus = { phase: "Pending" };

/** What the node wrote on a pod, by how far its VM has come. */
function nodeAnnotations(manifest: PodManifest, state: VMState): Readonly<Record<string, string>> {
  const lifecycle = applyLifecycleStatus(manifest, {
    state: lifecycles[state],
    observedGeneration: readCocoonSetGeneration(manifest),
    message: state === "failed" ? "no space left on device" : "",
  });
  const asked = { ...lifecycle, [vmAnnotations.hibernate]: "true" };
  const runtime = { vmID: "vm-1", ip: "10.0.0.4" };
  switch (state) {
    case "running":
      return applyVMRuntime({ metadata: { annotations: lifecycle } }, runtime);
    case "hibernating":
      return applyVMRuntime({ metadata: { annotations: asked } }, runtime);
    case "hibernated":
      return asked;
    case "booting":
    case "failed":
      return lifecycle;
  }
}

/** A pod as the API server and the node leave it, from the manifest that the operator created it by. */
function observed(manifest: PodManifest, options: PodOptions = {}): PodView {
  const { state = "running", metadata, spec, status } = options;
  const annotations = Object.entries({ ...nodeAnnotations(manifest, state), ...options.annotations });
  const isRunning = state === "running" || state === "hibernating";
  return {
    metadata: {
      ...manifest.metadata,
      uid: `uid-${manifest.metadata.name}`,
      resourceVersion: "11",
      ...metadata,
      annotations: Object.fromEntries(
        annotations.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      ),
    },
    spec: { ...manifest.spec, nodeName: "node-1", ...spec },
    status: { ...(isRunning ? runningStatus : pendingStatus), ...status },
  };
}

/** The pod of a member of a set. */
const podOf = (set: SetView, member: Member, options?: PodOptions): PodView =>
  observed(buildPod(set, member, { nodeName: undefined, fromSnapshot: false }), options);

/** The pod of the agent in a slot. */
export const agentPod = (set: SetView, slot: number, options?: PodOptions): PodView =>
  podOf(set, agentMember(set, slot), options);

/** The pod of a toolbox, by what its spec says. */
export const toolboxPod = (
  set: SetView,
  toolbox: { readonly name: string } & Readonly<Record<string, unknown>>,
  options?: PodOptions,
): PodView => podOf(set, toolboxMember(set, toolbox), options);

/** The CocoonHibernation `demo-0`, which the operator has seen before. */
export const hibernation = (
  desire: "Hibernate" | "Wake",
  {
    pod = "demo-0",
    metadata = {},
    status,
  }: {
    readonly pod?: string;
    readonly metadata?: Readonly<Record<string, unknown>>;
    readonly status?: NonNullable<Decoded<CocoonHibernation>["status"]>;
  } = {},
): Decoded<CocoonHibernation> => ({
  metadata: {
    namespace: "shop",
    name: pod,
    uid: `hibernation-${pod}`,
    resourceVersion: "5",
    generation: 1,
    creationTimestamp: ago(600_000),
    finalizers: [hibernationFinalizer],
    ...metadata,
  },
  spec: { podRef: { name: pod }, desire },
  ...(status !== undefined && { status }),
});
