import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { allow, type Decision, deny, skip } from "./decision.js";
import { isDeploymentController } from "./deployment-controller.js";
import { shownName } from "./shown-name.js";
import { denyStranding } from "./stranded.js";
import { guardedKindOf } from "./workload-kinds.js";
import { readWorkload, type WorkloadSlice } from "./workload-slice.js";

/**
 * Fewer pods on a workload whose pods are VMs would delete VMs with their state, so that update is refused. What counts is
 * the *old* template: dropping the toleration and the replicas in one update would lose the same VMs.
 */
export function decideWorkloadUpdate(request: AdmissionRequest): Decision {
  const guarded = guardedKindOf(request.kind);
  if (guarded === undefined) return skip("other-kind");
  if (request.operation !== "UPDATE") return allow("operation-exempt");

  const before = readWorkload(request.oldObject);
  const after = readWorkload(request.object);
  if (before?.isCocoon === undefined || after === undefined) return skip("unreadable");
  if (!before.isCocoon) return allow("not-cocoon");
  if (isDeploymentController(request)) return allow("deployment-controller");
  const label = `${guarded.kind} ${shownName(request.namespace)}/${shownName(request.name)}`;
  return judgeChange(guarded.kind, label, before, after);
}

const judgeChange = (kind: string, workload: string, before: WorkloadSlice, after: WorkloadSlice): Decision =>
  denyFewer(workload, before, after) ??
  denyOrdinalsLost(workload, before, after) ??
  denyStranding(kind, workload, before, after) ??
  allow("no-scale-down");

const wayOut =
  "a removed VM loses its state; to suspend a VM and keep its state, create a CocoonHibernation that names its pod";

/** The refusal of a scale-down; `workload` is its kind and `namespace/name`. */
export function denyScaleDown(workload: string, before: number, after: number): Decision {
  return deny("scale-down", scaleDownMessage(workload, before, after));
}

/** The numbers may also be what stands for them: the admission policies say the same in CEL. */
export const scaleDownMessage = (workload: string, before: number | string, after: number | string): string =>
  `${workload} cannot be scaled from ${before} to ${after} replicas: its pods are Cocoon VMs, and ${wayOut}`;

const denyFewer = (workload: string, before: WorkloadSlice, after: WorkloadSlice): Decision | undefined =>
  after.replicas < before.replicas ? denyScaleDown(workload, before.replicas, after.replicas) : undefined;

/** `spec.ordinals.start` moves the range of a StatefulSet's pods, and whoever falls out of it is deleted. */
function denyOrdinalsLost(
  workload: string,
  before: WorkloadSlice,
  after: WorkloadSlice,
): Decision | undefined {
  const endBefore = before.firstOrdinal + before.replicas;
  const keepsAll =
    after.firstOrdinal <= before.firstOrdinal && endBefore <= after.firstOrdinal + after.replicas;
  if (before.replicas === 0 || keepsAll) return undefined;
  return deny("ordinals-removed", ordinalsMessage(workload, rangeOf(before), rangeOf(after)));
}

export const ordinalsMessage = (workload: string, before: string, after: string): string =>
  `${workload} cannot move its ordinals from ${before} to ${after} (spec.ordinals.start): that removes ` +
  `pods, its pods are Cocoon VMs, and ${wayOut}`;

/** `0..2` for three pods; a single one is only named. */
function rangeOf({ firstOrdinal, replicas }: WorkloadSlice): string {
  return replicas <= 1 ? String(firstOrdinal) : `${firstOrdinal}..${firstOrdinal + replicas - 1}`;
}
