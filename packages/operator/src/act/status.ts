import type { Condition } from "@cocoonstack/common/apis/v1";
import { mergePatchOf, setStatusCondition } from "@cocoonstack/common/k8s";
import type { OwnerStatus } from "./cluster-writer.js";

/** A status as the API server has it. */
export type StatusFields = Record<string, unknown> & { conditions?: Condition[] };

/** Puts a planned status into a stored one: conditions are merged by type, other fields replace those stored. */
export function applyStatus(status: StatusFields, { conditions: planned, ...fields }: OwnerStatus): void {
  Object.assign(status, fields);
  const conditions = (status.conditions ??= []);
  for (const condition of planned) setStatusCondition(conditions, condition);
}

/** Whether a planned status says anything that the stored one does not. */
export function differs(stored: object | null | undefined, planned: OwnerStatus): boolean {
  const before = (stored ?? {}) as StatusFields;
  const after = structuredClone(before);
  applyStatus(after, planned);
  return mergePatchOf(before, after) !== undefined;
}
