import { type Annotated, type Annotations, annotationOf, annotationsOf } from "./annotated.js";
import { parseGoInteger } from "./go-integer.js";
import { vmAnnotations } from "./keys.js";

/**
 * What the node observed of a VM and wrote on its pod. An empty string, and port 0, are values that are not known.
 *
 * @example
 * ```ts
 * const runtime: VMRuntime = { vmID: "5e1f", ip: "10.0.0.4", vncPort: 5900 };
 * applyVMRuntime({}, runtime)[vmAnnotations.vncPort]; // "5900"
 * ```
 */
export interface VMRuntime {
  readonly vmID: string;
  readonly ip: string;
  readonly vncPort: number;
}

/**
 * The annotations of a pod with what the node observed written over them; the pod stays as it is. An empty string and a
 * port of 0 or less are not written and clear nothing.
 *
 * @example
 * ```ts
 * const annotations = applyVMRuntime(pod, { vmID: "5e1f", ip: "10.0.0.4" });
 * ```
 */
export function applyVMRuntime(object: Annotated, runtime: Partial<VMRuntime>): Annotations {
  const { vmID = "", ip = "", vncPort = 0 } = runtime;
  return {
    ...annotationsOf(object),
    ...(vmID === "" ? {} : { [vmAnnotations.id]: vmID }),
    ...(ip === "" ? {} : { [vmAnnotations.ip]: ip }),
    ...(vncPort > 0 ? { [vmAnnotations.vncPort]: String(vncPort) } : {}),
  };
}

/**
 * What the node observed of the VM of a pod. What is missing is empty; a VNC port that is no 32-bit integer reads as 0.
 *
 * @example
 * ```ts
 * parseVMRuntime(pod).ip; // "10.0.0.4"
 * ```
 */
export function parseVMRuntime(object: Annotated): VMRuntime {
  return {
    vmID: annotationOf(object, vmAnnotations.id),
    ip: annotationOf(object, vmAnnotations.ip),
    vncPort: parseGoInteger(annotationOf(object, vmAnnotations.vncPort), 32) ?? 0,
  };
}
