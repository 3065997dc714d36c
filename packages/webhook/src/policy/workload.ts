import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { allow, type Decision, deny, skip } from "./decision.js";
import { asObject } from "./json.js";
import { podSpecIsCocoon } from "./tolerations.js";

const guardedKinds: ReadonlySet<string> = new Set(["Deployment", "StatefulSet"]);

/**
 * Fewer replicas on a workload whose pods are VMs would delete VMs with their state, so that update is refused. What
 * counts is the *old* template: dropping the toleration and the replicas in one update would lose the same VMs.
 */
export function decideWorkloadUpdate(request: AdmissionRequest): Decision {
  const { group, kind } = request.kind;
  if (group !== "apps" || !guardedKinds.has(kind)) return skip("other-kind");
  if (request.operation !== "UPDATE") return allow("operation-exempt");

  const isCocoon = templateIsCocoon(request.oldObject);
  const before = replicasOf(request.oldObject);
  const after = replicasOf(request.object);
  if (isCocoon === undefined || before === undefined || after === undefined) return skip("unreadable");

  if (!isCocoon) return allow("not-cocoon");
  return after < before
    ? denyScaleDown(`${kind} ${request.namespace}/${request.name}`, before, after)
    : allow("no-scale-down");
}

/** Whether the pods of a workload are VMs; undefined where the object is no workload. */
export function templateIsCocoon(workload: unknown): boolean | undefined {
  const spec = asObject(asObject(workload)?.["spec"]);
  return podSpecIsCocoon(asObject(spec?.["template"])?.["spec"]);
}

/** The refusal of a scale-down; `workload` is its kind and `namespace/name`. */
export function denyScaleDown(workload: string, before: number, after: number): Decision {
  return deny(
    "scale-down",
    `${workload} cannot be scaled from ${before} to ${after} replicas: its pods are Cocoon VMs, and a removed VM loses ` +
      `its state; to suspend a VM and keep its state, create a CocoonHibernation that names its pod`,
  );
}

/** An absent or `null` number of replicas is 1 on a workload (API reference of DeploymentSpec and StatefulSetSpec). */
function replicasOf(workload: unknown): number | undefined {
  const spec = asObject(asObject(workload)?.["spec"]);
  return spec && readReplicas(spec["replicas"], 1);
}

/** A number of replicas as an integer, `absent` where there is none, undefined where it is no integer. */
export function readReplicas(value: unknown, absent: number): number | undefined {
  const replicas = value ?? absent;
  return typeof replicas === "number" && Number.isInteger(replicas) ? replicas : undefined;
}
