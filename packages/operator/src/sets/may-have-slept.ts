import type { Context } from "./context.js";

/** The phases of sets whose VMs run, or never did. Of any other, also one that only another operator knows, snapshots may be left. */
const awakePhases: ReadonlySet<string> = new Set(["", "Pending", "Scaling", "Running", "Failed"]);

/**
 * Whether a VM may have slept when its pod went: its record says so; or, of the time before there were records, the last
 * status of its set or of a CocoonHibernation does. A VM that never slept does not wait for the registry.
 */
export function mayHaveSlept(
  { records, set, hibernations }: Context,
  { vmName, podName }: { readonly vmName: string; readonly podName: string },
): boolean {
  if (records?.has(vmName) === true) return true;
  if (!awakePhases.has(set.status.phase ?? "")) return true;
  return hibernations.some(
    ({ podName: named, status }) =>
      named === podName &&
      status.vmName === vmName &&
      (status.phase === "Hibernated" || status.phase === "Waking"),
  );
}
