import type { Shown, VM } from "../vm/index.js";
import { timestamp } from "./api.js";
import type { Pod } from "./pod.js";

/** The status of a pod as a merge patch: `null` takes away. */
export type StatusPatch = Readonly<Record<string, unknown>>;

/** What a pod's status is to say of its VM. Conditions and containers replace those that are there, as the virtual kubelet does it. */
export function statusPatch(pod: Pod, shown: Shown, vm: VM | undefined): StatusPatch {
  switch (shown.as) {
    case "running":
      return running(pod, shown.isReady, vm?.ip ?? "");
    case "asleep":
      return { ...noReason, phase: "Pending", ...noAddress, ...nothingRuns, startTime: null };
    case "provider-failed":
      return { phase: "Pending", reason: "ProviderFailed", message: shown.message };
    case "lost":
      return lost(pod, shown.reason);
  }
}

const noReason = { reason: null, message: null };
const noAddress = { podIP: null, podIPs: null };
const nothingRuns = { conditions: null, containerStatuses: null };

function running(pod: Pod, isReady: boolean, ip: string): StatusPatch {
  const startTime = pod.status?.startTime ?? timestamp();
  const state = { running: { startedAt: startTime } };
  return {
    ...noReason,
    phase: "Running",
    ...(ip === "" ? noAddress : { podIP: ip, podIPs: [{ ip }] }),
    startTime,
    conditions: [condition(pod, "Initialized", true), condition(pod, "Ready", isReady)],
    containerStatuses: containers(pod, isReady, state),
  };
}

function lost(pod: Pod, reason: string): StatusPatch {
  // 137: as a process that was killed.
  const state = { terminated: { exitCode: 137, reason, finishedAt: timestamp() } };
  return {
    phase: "Failed",
    reason,
    message: null,
    conditions: [condition(pod, "Initialized", true), condition(pod, "Ready", false)],
    containerStatuses: containers(pod, false, state),
  };
}

/** The time of a condition moves when its status does. */
function condition(pod: Pod, type: string, isTrue: boolean): object {
  const status = isTrue ? "True" : "False";
  const old = pod.status?.conditions?.find((one) => one.type === type);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : undefined;
  return { type, status, lastTransitionTime: lastTransitionTime ?? timestamp() };
}

const containers = ({ spec }: Pod, ready: boolean, state: object): readonly object[] =>
  (spec?.containers ?? []).map(({ name, image }) => ({
    name,
    image: image ?? "",
    imageID: "",
    ready,
    started: ready,
    restartCount: 0,
    state,
  }));
