import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { allow, type Decision, fail, skip } from "./decision.js";
import { asObject } from "./json.js";
import { shownName } from "./shown-name.js";
import { denyScaleDown } from "./workload.js";
import { guardedKindBehind } from "./workload-kinds.js";
import { readCount, templateIsCocoon } from "./workload-slice.js";

/** The workload behind a scale request. */
export interface ParentRef {
  /** As in the object's `apiVersion`, e.g. `{ group: "apps", version: "v1", resource: "deployments" }`. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** The version that the review was made from: a parent read for it must not be older. */
  readonly resourceVersion: string;
}

/** What came of reading a parent. */
export type ParentLookup =
  | { readonly result: "found"; readonly workload: unknown }
  | { readonly result: "not-found" }
  | { readonly result: "unavailable"; readonly why: string }
  | { readonly result: "no-cluster" };

/** A scale request either decides itself, or asks for the parent first. */
export type ScaleVerdict =
  | { readonly needs: "nothing"; readonly decision: Decision }
  | {
      readonly needs: "parent";
      readonly parent: ParentRef;
      readonly decide: (lookup: ParentLookup) => Decision;
    };

/** Whether this review is about the `/scale` subresource of a workload. */
export const isScale = (request: AdmissionRequest): boolean => request.subResource === "scale";

/**
 * The rule of {@link decideWorkloadUpdate} for `/scale`. A `Scale` carries no template, so the parent is needed, but only
 * where the number of replicas falls.
 */
export function judgeScale(request: AdmissionRequest): ScaleVerdict {
  const settled = (decision: Decision): ScaleVerdict => ({ needs: "nothing", decision });
  const guarded = guardedKindBehind(request.resource);
  if (guarded === undefined) return settled(skip("other-kind"));
  if (request.operation !== "UPDATE") return settled(allow("operation-exempt"));

  const before = replicasOf(request.oldObject);
  const after = replicasOf(request.object);
  if (before === undefined || after === undefined) return settled(skip("unreadable"));
  if (after >= before) return settled(allow("no-scale-down"));

  const parent = parentOf(request);
  const label = `${guarded.kind} ${shownName(parent.namespace)}/${shownName(parent.name)}`;
  return { needs: "parent", parent, decide: (lookup) => decideByParent(label, before, after, lookup) };
}

function decideByParent(label: string, before: number, after: number, lookup: ParentLookup): Decision {
  const change = `${label} cannot be scaled from ${before} to ${after} replicas`;
  switch (lookup.result) {
    case "not-found":
      return allow("parent-gone");
    case "no-cluster":
      return fail(
        "no-cluster",
        `${change} here: whether its pods are Cocoon VMs can be seen only in a cluster, and this webhook runs without one ` +
          `(--standalone)`,
      );
    case "unavailable":
      return fail(
        "parent-unavailable",
        `${change} now: whether its pods are Cocoon VMs could not be checked (${lookup.why}); try again`,
      );
    case "found": {
      const isCocoon = templateIsCocoon(lookup.workload);
      if (isCocoon === undefined) {
        return fail(
          "parent-unavailable",
          `${change} now: whether its pods are Cocoon VMs could not be checked (the API server's answer holds no pod ` +
            `template); try again`,
        );
      }
      return isCocoon ? denyScaleDown(label, before, after) : allow("not-cocoon");
    }
  }
}

function parentOf(request: AdmissionRequest): ParentRef {
  const metadata = asObject(asObject(request.oldObject)?.["metadata"]);
  const resourceVersion = metadata?.["resourceVersion"];
  return {
    ...request.resource,
    namespace: request.namespace,
    name: request.name,
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
  };
}

/** An absent number of replicas is 0 on a Scale: the API server omits zero there. */
function replicasOf(object: unknown): number | undefined {
  const scale = asObject(object);
  const spec = scale && asObject(scale["spec"] ?? {});
  return spec && readCount(spec["replicas"], 0);
}
