import {
  type AnnotationChanges,
  blocked,
  podAnnotations,
  type PodView,
  type Trouble,
} from "../model/index.js";
import { annotationOf, differences, driftOf, type Member, memberName, templateHash } from "../pods/index.js";

/** How a pod stands to its template, and what follows. */
export interface TemplateStep {
  readonly changes: AnnotationChanges;
  /** Whether the pod is to be replaced. */
  readonly isStale: boolean;
  readonly trouble?: Trouble;
}

const same: TemplateStep = { changes: {}, isStale: false };

/**
 * Compares a pod with its template. A pod without a comparable hash gets one, and nothing else happens to it. An edit that comes
 * while the VM sleeps is held: nobody who edits a sleeping VM has said that its state may go. The mark stays when the VM wakes,
 * so that waking does not become the moment at which it is lost; any later edit counts again.
 *
 * @param holdsState Whether the VM sleeps, or is on its way there or back.
 */
export function templateStep(pod: PodView, member: Member, holdsState: boolean): TemplateStep {
  const drift = driftOf(pod, member);
  const hash = templateHash(member);
  const held = annotationOf(pod, podAnnotations.heldTemplate);
  if (drift !== "replace") {
    const adoption = drift === "adopt" ? { [podAnnotations.templateHash]: hash } : {};
    const release = held === "" ? {} : { [podAnnotations.heldTemplate]: null };
    return { ...same, changes: { ...adoption, ...release } };
  }
  if (held === hash) return { ...same, trouble: heldEdit(pod, member) };
  if (holdsState) {
    return {
      changes: { [podAnnotations.heldTemplate]: hash },
      isStale: false,
      trouble: heldEdit(pod, member),
    };
  }
  return { changes: {}, isStale: true };
}

function heldEdit(pod: PodView, member: Member): Trouble {
  const { name } = pod.metadata;
  const fields = differences(pod, member);
  const what = fields.length === 0 ? "the spec" : fields.join(", ");
  return blocked(
    "EditHeld",
    `${what} changed while the VM of pod ${name} (${memberName(member)}) slept, and a VM made anew would not have its state, so it stays as it was: undo the edit, or delete the pod while it runs to have it made anew`,
  );
}
