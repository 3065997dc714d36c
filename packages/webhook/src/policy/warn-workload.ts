import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { tolerationKey } from "@cocoonstack/common/meta";
import { type Decision, skip, warn, type Warning } from "./decision.js";
import { asObject, jsonEqual, type JsonObject } from "./json.js";
import { namesInBrief } from "./names-in-brief.js";
import { whyPodsStay } from "./stranded.js";
import { type About, warningsAbout } from "./warning.js";
import { guardedKinds, workloadKindOf } from "./workload-kinds.js";
import { readCount, readWorkload, templateIsCocoon, templateOf } from "./workload-slice.js";

/**
 * Says what a change of a workload will cost in VMs, and refuses nothing. One that a controller makes (it has a
 * controlling owner) is left alone: whoever changed the owner has been told.
 */
export function adviseOnWorkload(request: AdmissionRequest): Decision {
  const known = workloadKindOf(request.kind);
  if (known === undefined) return skip("other-kind");
  if (isControlled(request.object ?? request.oldObject)) return warn([]);
  const about = warningsAbout(known.kind, `${request.namespace}/${nameOf(request)}`);
  switch (request.operation) {
    case "CREATE":
      return warn(onCreate(about, request.object));
    case "UPDATE":
      return warn(onUpdate(known.kind, about, request));
    case "DELETE":
      return warn(onDelete(known.kind, about, request.oldObject));
    case "CONNECT":
      return warn([]);
  }
}

const refused = "pods will be refused, because no CocoonSet owns them";
const madeOtherwise = "create a CocoonSet instead, or remove the toleration";

const onCreate = (about: About, object: unknown): Warning[] =>
  templateIsCocoon(object) === true
    ? [
        {
          message: about(` tolerates ${tolerationKey}, and its ${refused}: ${madeOtherwise}`),
          wayOut: madeOtherwise,
        },
      ]
    : [];

function onUpdate(kind: string, about: About, { object, oldObject }: AdmissionRequest): Warning[] {
  if (templateIsCocoon(oldObject) !== true) return onCreate(about, object);
  // Where pods stay, none is replaced, and the loss of the toleration is refused.
  const replaced = keepsPods(kind, object) ? undefined : vmsOf(kind, oldObject);
  const change = changeOf(object, oldObject);
  if (replaced === undefined) {
    return change === "template" ? [{ message: about(`: its new ${refused}`), wayOut: madeOtherwise }] : [];
  }
  if (change !== "other" || keepsPods(kind, oldObject)) return [replacement(change, about, replaced)];
  return [];
}

/** What an update does to the template of a cocoon workload. */
type Change = "toleration" | "template" | "other";

function changeOf(object: unknown, oldObject: unknown): Change {
  if (templateIsCocoon(object) !== true) return "toleration";
  return jsonEqual(templateOf(oldObject), templateOf(object)) ? "other" : "template";
}

/** VMs that go because other pods come. */
function replacement(change: Change, about: About, vms: string): Warning {
  switch (change) {
    case "toleration":
      return {
        message: about(` loses its toleration: ordinary pods replace ${vms}`),
        wayOut:
          "keep the toleration while these VMs are needed, and create another workload for ordinary pods",
      };
    case "template":
      return {
        message: about(`: the new template removes ${vms}, and the new ${refused}`),
        wayOut: "keep the template as it is while these VMs are needed; for new VMs, create a CocoonSet",
      };
    case "other":
      return {
        message: about(`: this update carries out earlier changes of the template, which may remove ${vms}`),
        wayOut: "keep the pause or the update strategy as it is while these VMs are needed",
      };
  }
}

const keepsPods = (kind: string, workload: unknown): boolean =>
  whyPodsStay(kind, asObject(asObject(workload)?.["spec"]) ?? {}) !== undefined;

function onDelete(kind: string, about: About, oldObject: unknown): Warning[] {
  const vms = templateIsCocoon(oldObject) === true ? vmsOf(kind, oldObject) : undefined;
  if (vms === undefined) return [];
  return [{ message: about(`: its deletion removes ${vms}`), wayOut: "keep it while these VMs are needed" }];
}

/** What is lost: how many VMs there may be, and which where their names are known; undefined for none. */
function vmsOf(kind: string, workload: unknown): string | undefined {
  const slice = readWorkload(workload);
  const wanted = guardedKinds.some((guarded) => guarded.kind === kind) ? (slice?.replicas ?? 0) : 0;
  const count = Math.max(wanted, runningOf(workload));
  if (slice === undefined || count === 0) return undefined;
  const which = kind === "StatefulSet" ? ` (${podNames(workload, slice.firstOrdinal, count)})` : "";
  return count === 1
    ? `up to 1 Cocoon VM${which}, with its state`
    : `up to ${count} Cocoon VMs${which}, with their state`;
}

/** What its controller last counted: more may run than are wanted, while a scale-down from before is carried out. */
function runningOf(workload: unknown): number {
  const status = asObject(asObject(workload)?.["status"]);
  const counts = ["replicas", "currentNumberScheduled", "active"].map(
    (key) => readCount(status?.[key], 0) ?? 0,
  );
  return Math.max(...counts);
}

/** A few are enough to recognise the workload; all of a large one would not fit. */
const namedAtMost = 20;

function podNames(statefulSet: unknown, firstOrdinal: number, count: number): string {
  const { name }: JsonObject = asObject(asObject(statefulSet)?.["metadata"]) ?? {};
  const prefix = typeof name === "string" ? name : "*";
  const names = Array.from(
    { length: Math.min(count, namedAtMost) },
    (_, index) => `${prefix}-${firstOrdinal + index}`,
  );
  return namesInBrief(names, count - names.length);
}

function isControlled(workload: unknown): boolean {
  const owners = asObject(asObject(workload)?.["metadata"])?.["ownerReferences"];
  return Array.isArray(owners) && owners.some((owner) => asObject(owner)?.["controller"] === true);
}

function nameOf({ name, object }: AdmissionRequest): string {
  const metadata = asObject(asObject(object)?.["metadata"]);
  const known = [name, metadata?.["name"], metadata?.["generateName"]].find(
    (candidate) => typeof candidate === "string" && candidate !== "",
  );
  return typeof known === "string" ? known : "(unnamed)";
}
