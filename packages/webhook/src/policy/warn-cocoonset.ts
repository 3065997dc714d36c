import { apiGroup, kindCocoonSet } from "@cocoonstack/common/meta";
import { snapshotPolicyWithDefault } from "@cocoonstack/common/apis/v1";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { type Decision, skip, warn, type Warning } from "./decision.js";
import { asObject, type JsonObject } from "./json.js";
import { namesInBrief } from "./names-in-brief.js";
import { type About, warningsAbout } from "./warning.js";
import { readCount } from "./workload-slice.js";

/** Says which VMs a change of a CocoonSet takes away, and refuses nothing: its owner asks for it by name. */
export function adviseOnCocoonSet(request: AdmissionRequest): Decision {
  if (request.kind.kind !== kindCocoonSet || request.kind.group !== apiGroup) return skip("other-kind");
  const about = warningsAbout(kindCocoonSet, `${request.namespace}/${request.name}`);
  const before = membersOf(request.oldObject);
  switch (request.operation) {
    case "UPDATE":
      return warn(onRemoval(about, "this update", request, removed(before, membersOf(request.object))));
    case "DELETE":
      return warn(onRemoval(about, "its deletion", request, before));
    case "CREATE":
    case "CONNECT":
      return warn([]);
  }
}

/** The VMs that a CocoonSet asks for: agents by slot, the main one being slot 0, and toolboxes by name. */
interface Members {
  readonly firstSlot: number;
  /** One past the last slot. */
  readonly endSlot: number;
  readonly toolboxes: readonly string[];
}

const nobody: Members = { firstSlot: 0, endSlot: 0, toolboxes: [] };

function membersOf(set: unknown): Members {
  const spec = asObject(asObject(set)?.["spec"]);
  if (spec === undefined) return nobody;
  const replicas = readCount(asObject(spec["agent"])?.["replicas"], 0) ?? 0;
  const toolboxes: readonly unknown[] = Array.isArray(spec["toolboxes"]) ? spec["toolboxes"] : [];
  return { firstSlot: 0, endSlot: Math.max(0, replicas) + 1, toolboxes: toolboxes.flatMap(toolboxName) };
}

/** A static toolbox stands for a VM that others run; it does not go with the set. */
function toolboxName(toolbox: unknown): readonly string[] {
  const { name, mode }: JsonObject = asObject(toolbox) ?? {};
  return typeof name === "string" && mode !== "static" ? [name] : [];
}

function removed(before: Members, after: Members): Members {
  const kept = new Set(after.toolboxes);
  return {
    firstSlot: Math.min(after.endSlot, before.endSlot),
    endSlot: before.endSlot,
    toolboxes: before.toolboxes.filter((name) => !kept.has(name)),
  };
}

function onRemoval(
  about: About,
  change: string,
  { name, oldObject }: AdmissionRequest,
  gone: Members,
): Warning[] {
  const count = gone.endSlot - gone.firstSlot + gone.toolboxes.length;
  if (count === 0) return [];
  const slots = Array.from(
    { length: Math.min(gone.endSlot - gone.firstSlot, 20) },
    (_, slot) => gone.firstSlot + slot,
  );
  const listed = [...slots.map(String), ...gone.toolboxes].map((member) => `${name}-${member}`);
  const hidden = count - listed.length;
  const names = namesInBrief(listed, hidden);
  const vms = count === 1 ? `the Cocoon VM of pod ${names}` : `${count} Cocoon VMs, of pods ${names}`;
  const message = about(`: ${change} removes ${vms}; ${whatIsKept(oldObject, count)}`);
  return [{ message, wayOut: "make sure that nobody needs these VMs any more" }];
}

function whatIsKept(set: unknown, count: number): string {
  const policy = asObject(asObject(set)?.["spec"])?.["snapshotPolicy"];
  switch (snapshotPolicyWithDefault(typeof policy === "string" ? policy : undefined)) {
    case "never":
      return `${count === 1 ? "it leaves" : "they leave"} no snapshot (snapshotPolicy never)`;
    case "main-only":
      return "only the main agent leaves a snapshot (snapshotPolicy main-only)";
    default:
      return `${count === 1 ? "it" : "each"} leaves a snapshot (snapshotPolicy always)`;
  }
}
