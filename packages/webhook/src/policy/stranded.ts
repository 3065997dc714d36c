import { tolerationKey } from "@cocoonstack/common/meta";
import { type Decision, deny, skip } from "./decision.js";
import { asObject, type JsonObject } from "./json.js";
import type { WorkloadSlice } from "./workload-slice.js";

/**
 * Refuses an update that takes the toleration from the template while the running VMs stay as they are: they would go on
 * unguarded, and the next scale-down, of what then looks like an ordinary workload, would delete them. Where the change
 * replaces the pods by itself, it is an ordinary rollout. Undefined where there is nothing to refuse.
 *
 * @param workload its kind and `namespace/name`
 */
export function denyStranding(
  kind: string,
  workload: string,
  before: WorkloadSlice,
  after: WorkloadSlice,
): Decision | undefined {
  if (after.isCocoon === undefined) return skip("unreadable");
  if (after.isCocoon || before.replicas === 0) return undefined;
  const stay = whyPodsStay(kind, after.spec);
  return stay && deny("toleration-removed", strandingMessage(workload, before.replicas, stay));
}

/** The number may also be what stands for it: the admission policies say the same in CEL. */
export const strandingMessage = (workload: string, replicas: number | string, stay: Stay): string =>
  `${workload} cannot lose the toleration ${tolerationKey} while spec.replicas is ${replicas}: ${stay.because}, so its ` +
  `Cocoon VMs would run on without protection; ${stay.wayOut}`;

/** Why running pods stay as they are, as the end of a sentence, and what to do about it. */
export interface Stay {
  readonly because: string;
  readonly wayOut: string;
}

const rollAll =
  "set spec.updateStrategy to RollingUpdate without a partition in the same update, which replaces the VMs";

/** Every way in which pods can stay as they are, and what to do about it. */
export const stays = {
  paused: {
    because: "it is paused",
    wayOut: "set spec.paused to false in the same update, which replaces the VMs",
  },
  onDelete: { because: "its update strategy OnDelete leaves running pods alone", wayOut: rollAll },
  partition: (ordinal: number | string): Stay => ({
    because: `its partition leaves the pods below ordinal ${ordinal} alone`,
    wayOut: rollAll,
  }),
  always: (kind: string): Stay => ({
    because: `a ${kind} never replaces its running pods`,
    wayOut: "keep the toleration here, and create another workload for ordinary pods",
  }),
} as const;

/** Why a change of the template leaves the running pods alone; undefined where it replaces them. */
export function whyPodsStay(kind: string, spec: JsonObject): Stay | undefined {
  switch (kind) {
    case "Deployment":
      return spec["paused"] === true ? stays.paused : undefined;
    case "StatefulSet":
    case "DaemonSet":
      return whyOrdinalsStay(asObject(spec["updateStrategy"]));
    default:
      return stays.always(kind);
  }
}

function whyOrdinalsStay(strategy: JsonObject | undefined): Stay | undefined {
  if (strategy?.["type"] === "OnDelete") return stays.onDelete;
  const partition = asObject(strategy?.["rollingUpdate"])?.["partition"];
  return typeof partition === "number" && partition > 0 ? stays.partition(partition) : undefined;
}
