// Which function of the library answers for which one of the reference. The deprecated ones are part of the contract.
/* eslint-disable @typescript-eslint/no-deprecated */
import * as v1 from "@cocoonstack/common/apis/v1";
import { signSession, verifySession } from "@cocoonstack/common/auth";
import * as k8s from "@cocoonstack/common/k8s";
import { escapeJSONPointer } from "@cocoonstack/common/k8s/admission";
import * as meta from "@cocoonstack/common/meta";
import type { Adapter } from "./runner.js";

/** A vector's input is what the reference was given, so it has the type that the function asks for. */
const adapt =
  (call: (input: never) => unknown): Adapter =>
  (input) =>
    call(input as never);

type Annotations = meta.Annotations | null;
type Pod = meta.PodStatusLike & meta.NodePoolSource;

const podWith = (annotations: Annotations): meta.Annotated => ({ metadata: { annotations } });

interface WithAnnotations {
  annotations: Annotations;
}
interface Name {
  namespace: string;
  cocoonSet: string;
  deployment: string;
  podName: string;
  name: string;
  slot: number;
  vmName: string;
}
interface Env<Fallback> {
  value: string;
  fallback: Fallback;
}
interface FromSpec extends meta.VMSpecContext {
  spec: v1.AgentSpec & v1.ToolboxSpec;
}
interface WireSession {
  u: string;
  e: string;
  x: number;
}

const env = (value: string): Record<string, string> => ({ VALUE: value });

// The reference counts in nanoseconds, which a number of milliseconds cannot hold: the exact parser answers, and
// envDuration has to agree with it.
function envDuration({ value, fallbackNs }: { value: string; fallbackNs: number }): string {
  const ns = k8s.parseDurationNs(value) ?? BigInt(fallbackNs);
  const ms = k8s.envDuration("VALUE", fallbackNs / 1e6, env(value));
  if (ms !== Number(ns) / 1e6) throw new Error(`envDuration gives ${ms} ms, and the parser ${ns} ns`);
  return String(ns);
}

// Go leaves a missing map missing where there is nothing to delete; no annotations and an empty map are the same to
// Kubernetes, and the library knows only the latter.
function applyHibernateState({ annotations, state }: WithAnnotations & { state: boolean }): Annotations {
  const applied = meta.applyHibernateState(podWith(annotations), state);
  return annotations === null && Object.keys(applied).length === 0 ? null : applied;
}

function verify({ cookie, key }: { cookie: string; key: string }): WireSession | null {
  const session = verifySession(cookie, key);
  return session === undefined ? null : { u: session.user, e: session.email, x: session.exp };
}

const apis = {
  "agentMode.default": adapt(v1.agentModeWithDefault),
  "agentMode.isValid": adapt(v1.isValidAgentMode),
  "backend.default": adapt(v1.backendWithDefault),
  "backend.isValid": adapt(v1.isValidBackend),
  "connType.isValid": adapt(v1.isValidConnType),
  "osType.default": adapt(v1.osTypeWithDefault),
  "osType.isValid": adapt(v1.isValidOSType),
  "snapshotPolicy.default": adapt(v1.snapshotPolicyWithDefault),
  "snapshotPolicy.isValid": adapt(v1.isValidSnapshotPolicy),
  "toolboxMode.default": adapt(v1.toolboxModeWithDefault),
  "toolboxMode.isValid": adapt(v1.isValidToolboxMode),
};

const names = {
  agentVMNamePrefix: adapt((i: Name) => meta.agentVMNamePrefix(i.namespace, i.cocoonSet)),
  extractAgentSlot: adapt((i: Name) => meta.extractAgentSlot(i.namespace, i.cocoonSet, i.vmName)),
  extractSlotFromVMName: adapt((i: Name) => meta.extractSlotFromVMName(i.vmName)),
  inferRoleFromAgentSlot: adapt((i: Name) => meta.inferRoleFromAgentSlot(i.slot)),
  inferRoleFromVMName: adapt((i: Name) => meta.inferRoleFromVMName(i.vmName)),
  mainAgentVMNameFor: adapt((i: Name) => meta.mainAgentVMNameFor(i.namespace, i.cocoonSet)),
  podKey: adapt((i: Name) => meta.podKey(i.namespace, i.name)),
  vmNameForDeployment: adapt((i: Name) => meta.vmNameForDeployment(i.namespace, i.deployment, i.slot)),
  vmNameForPod: adapt((i: Name) => meta.vmNameForPod(i.namespace, i.podName)),
};

const annotations = {
  "hibernateState.apply": adapt(applyHibernateState),
  "hibernateState.read": adapt((i: WithAnnotations) => meta.readHibernateState(podWith(i.annotations))),
  "lifecycleState.isTerminal": adapt((i: { state: string }) => meta.isTerminalLifecycleState(i.state)),
  "lifecycleStatus.annotations": adapt((i: { status: meta.LifecycleStatus }) =>
    meta.lifecycleStatusAnnotations(i.status),
  ),
  "lifecycleStatus.apply": adapt((i: WithAnnotations & { status: meta.LifecycleStatus }) =>
    meta.applyLifecycleStatus(podWith(i.annotations), i.status),
  ),
  "lifecycleStatus.read": adapt((i: WithAnnotations) => meta.readLifecycleStatus(podWith(i.annotations))),
  "lifecycleStatus.snapshot": adapt((i: { status: meta.LifecycleStatus }) =>
    meta.lifecycleStatusSnapshot(i.status),
  ),
  quantityString: adapt((i: { quantity: string }) => meta.quantityString(i.quantity)),
  readCocoonSetGeneration: adapt((i: WithAnnotations) =>
    meta.readCocoonSetGeneration(podWith(i.annotations)),
  ),
  shouldSnapshotVM: adapt(meta.shouldSnapshotVM),
  stampCocoonSetGeneration: adapt((i: WithAnnotations & { generation: number }) =>
    meta.stampCocoonSetGeneration(podWith(i.annotations), i.generation),
  ),
  "vmRuntime.apply": adapt((i: WithAnnotations & { runtime: meta.VMRuntime }) =>
    meta.applyVMRuntime(podWith(i.annotations), i.runtime),
  ),
  "vmRuntime.parse": adapt((i: WithAnnotations) => meta.parseVMRuntime(podWith(i.annotations))),
  "vmSpec.apply": adapt((i: WithAnnotations & { spec: meta.VMSpec }) =>
    meta.applyVMSpec(podWith(i.annotations), i.spec),
  ),
  "vmSpec.fromAgentSpec": adapt(({ spec, ...context }: FromSpec) => meta.vmSpecFromAgentSpec(spec, context)),
  "vmSpec.fromToolboxSpec": adapt(({ spec, ...context }: FromSpec) =>
    meta.vmSpecFromToolboxSpec(spec, context),
  ),
  "vmSpec.parse": adapt((i: WithAnnotations) => meta.parseVMSpec(podWith(i.annotations))),
};

const pods = {
  connectionType: adapt(meta.connectionType),
  hasCocoonTolerationKey: adapt((i: { tolerations: meta.TolerationLike[] | null }) =>
    meta.hasCocoonTolerationKey(i.tolerations),
  ),
  isContainerRunning: adapt((i: { pod: Pod }) => meta.isContainerRunning(i.pod)),
  isOwnedByCocoonSet: adapt((i: { ownerReferences: meta.OwnerReferenceLike[] | null }) =>
    meta.isOwnedByCocoonSet(i.ownerReferences),
  ),
  isPodReady: adapt((i: { pod: Pod }) => meta.isPodReady(i.pod)),
  isPodTerminal: adapt((i: { pod: Pod }) => meta.isPodTerminal(i.pod)),
  isWindowsPod: adapt((i: { pod: Pod }) => meta.isWindowsPod(i.pod)),
  ownerDeploymentName: adapt(
    (i: { ownerReferences: meta.OwnerReferenceLike[] | null }) =>
      meta.ownerDeploymentName(i.ownerReferences) ?? null,
  ),
  podNodePool: adapt((i: { pod: Pod }) => meta.podNodePool(i.pod)),
};

const others = {
  annotationsMergePatch: adapt((i: { annotations: Record<string, string | null> }) =>
    k8s.annotationsMergePatch(i.annotations),
  ),
  "auth.sign": adapt(({ session, key }: { session: WireSession; key: string }) =>
    signSession({ user: session.u, email: session.e, exp: session.x }, key),
  ),
  "auth.verify": adapt(verify),
  envBool: adapt((i: Env<boolean>) => k8s.envBool("VALUE", i.fallback, env(i.value))),
  envDuration: adapt(envDuration),
  envOrDefault: adapt((i: Env<string>) => k8s.envOrDefault("VALUE", i.fallback, env(i.value))),
  escapeJSONPointer: adapt(escapeJSONPointer),
  statusMergePatch: adapt((i: { status: unknown }) => k8s.statusMergePatch(i.status)),
};

/** By the name that a vector file gives the function. */
export const adapters: ReadonlyMap<string, Adapter> = new Map(
  Object.entries({ ...apis, ...names, ...annotations, ...pods, ...others }),
);
