import { apiGroup, kindCocoonHibernation } from "@cocoonstack/common/meta";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import {
  allow,
  type Decision,
  type Deny,
  denyInvalid,
  fail,
  skip,
  type Subject,
  type Violation,
} from "./decision.js";
import { asObject } from "./json.js";
import { shownName } from "./shown-name.js";
import { subjectOf } from "./subject.js";

/** What came of listing the hibernations of a namespace. */
export type HibernationsLookup =
  /** Every one, as the API server gave it; only the names are read. */
  | { readonly result: "listed"; readonly items: readonly unknown[] }
  | { readonly result: "unavailable"; readonly why: string }
  | { readonly result: "no-cluster" };

/** A new hibernation either decides itself, or asks for those that exist first. */
export type HibernationVerdict =
  | { readonly needs: "nothing"; readonly decision: Decision }
  | {
      readonly needs: "hibernations";
      readonly namespace: string;
      readonly decide: (lookup: HibernationsLookup) => Decision;
    };

/**
 * A CocoonHibernation bears the name of its pod, so that the API server itself keeps a second one out, even one that is
 * created at the same instant; and no other one, however old its name, speaks for that pod: two would suspend and wake
 * one VM against each other. Judges CREATE; the CRD keeps `podRef` from ever changing.
 */
export function judgeHibernation(request: AdmissionRequest): HibernationVerdict {
  const settled = (decision: Decision): HibernationVerdict => ({ needs: "nothing", decision });
  const { group, kind } = request.kind;
  if (kind !== kindCocoonHibernation || group !== apiGroup) return settled(skip("other-kind"));
  if (request.operation !== "CREATE") return settled(allow("operation-exempt"));

  const subject = subjectOf(request, kindCocoonHibernation);
  const podName = podNameOf(request.object);
  if (podName === undefined) return settled(denyNoPodName(subject));
  if (podName !== subject.name) return settled(denyOtherName(subject, podName));
  const { namespace } = request;
  return {
    needs: "hibernations",
    namespace,
    decide: (lookup) => {
      if (lookup.result !== "listed")
        return uncheckable(`${shownName(namespace)}/${shownName(podName)}`, lookup);
      return firstConflict(namespace, podName, lookup.items, (violation) =>
        denyInvalid("second-hibernation", subject, [violation]),
      );
    },
  };
}

/** The pod that a hibernation names; undefined where it names none. */
function podNameOf(hibernation: unknown): string | undefined {
  const spec = asObject(asObject(hibernation)?.["spec"]);
  const name = asObject(spec?.["podRef"])?.["name"];
  return typeof name === "string" && name !== "" ? name : undefined;
}

const podNameField = "spec.podRef.name";

const noPodName: Violation = {
  field: podNameField,
  kind: "FieldValueRequired",
  message: "must name the pod whose VM sleeps or wakes",
};

const nameDiffers = (name: string, podName: string): Violation => ({
  field: podNameField,
  kind: "FieldValueInvalid",
  message:
    `names pod "${podName}", while this CocoonHibernation is called "${name}": a CocoonHibernation bears the name of its pod, ` +
    `so that there is only one for each; set metadata.name to "${podName}"`,
});

/** The refusal of a hibernation that names no pod. */
export const denyNoPodName = (subject: Subject): Deny => denyInvalid("undecodable", subject, [noPodName]);

/** The refusal of a hibernation that does not bear the name of its pod. */
export const denyOtherName = (subject: Subject, podName: string): Deny =>
  denyInvalid("name-differs", subject, [nameDiffers(shownName(subject.name), shownName(podName))]);

/** One that cannot be read is never skipped: it may be the very one that speaks for the pod. */
function firstConflict(
  namespace: string,
  podName: string,
  items: readonly unknown[],
  conflict: (violation: Violation) => Decision,
): Decision {
  for (const item of items) {
    const metadata = asObject(asObject(item)?.["metadata"]);
    const name = metadata?.["name"];
    // One of the same name is this one: the API server answers that it exists already.
    if (name === podName) continue;
    const other = podNameOf(item);
    if (typeof name !== "string" || other === undefined)
      return unreadable(shownName(namespace), shownName(podName), name);
    if (other === podName)
      return conflict(
        alreadyNamed(
          shownName(name),
          shownName(podName),
          typeof metadata?.["deletionTimestamp"] === "string",
        ),
      );
  }
  return allow("sole-hibernation");
}

const alreadyNamed = (name: string, podName: string, isTerminating: boolean): Violation => ({
  field: podNameField,
  kind: "FieldValueDuplicate",
  message:
    `CocoonHibernation "${name}" speaks for pod "${podName}" already` +
    (isTerminating
      ? ` and is still being deleted: wait until it is gone`
      : `: set its spec.desire instead, or delete it and wait until it is gone`),
});

function unreadable(namespace: string, podName: string, name: unknown): Decision {
  const which =
    typeof name === "string"
      ? `CocoonHibernation ${namespace}/${shownName(name)}`
      : `a CocoonHibernation in ${namespace}`;
  return fail(
    "hibernation-unreadable",
    `${which} does not say by ${podNameField} which pod it speaks for, so whether that is pod "${podName}" cannot be known: ` +
      `delete it, and try again`,
  );
}

function uncheckable(label: string, lookup: Exclude<HibernationsLookup, { result: "listed" }>): Decision {
  const what = `CocoonHibernation ${label} cannot be created`;
  const question = "whether another one speaks for its pod";
  return lookup.result === "no-cluster"
    ? fail(
        "no-cluster",
        `${what} here: ${question} can be seen only in a cluster, and this webhook runs without one (--standalone)`,
      )
    : fail(
        "hibernations-unavailable",
        `${what} now: ${question} could not be checked (${lookup.why}); try again`,
      );
}
