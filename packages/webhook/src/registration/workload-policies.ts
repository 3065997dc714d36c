import {
  guardedKinds,
  ordinalsMessage,
  scaleDownMessage,
  type Stay,
  stays,
  strandingMessage,
  type WorkloadKind,
} from "../policy/index.js";
import { gap } from "./cel.js";
import { rulesFor, workloads } from "./entries.js";
import { firstOrdinal, hasToleration, ordinalsFall, replicas } from "./expressions.js";
import { namespaced, type PolicyDefinition, refuse, type Validation } from "./policy-definition.js";

/** `0..2` for three pods; a single one is only named. */
const ordinals = (object: string): string => {
  const first = firstOrdinal(object);
  const count = replicas(object, 1);
  return `string(${first}) + (${count} <= 1 ? '' : '..' + string(${first} + ${count} - 1))`;
};

const wasEmpty = "variables.before == 0";
const before = gap("string(variables.before)");

const keepsReplicas = (workload: string): Validation =>
  refuse(
    "variables.before <= variables.after",
    scaleDownMessage(workload, before, gap("string(variables.after)")),
  );

const keepsOrdinals = (workload: string): Validation =>
  refuse(
    `${wasEmpty} || !(${ordinalsFall})`,
    ordinalsMessage(workload, gap("variables.ordinalsBefore"), gap("variables.ordinalsAfter")),
  );

/** The toleration stays, or the running pods do not: `podsStay` is CEL that says when they do. */
const keepsToleration = (workload: string, stay: Stay, podsStay?: string): Validation =>
  refuse(
    `${wasEmpty} || (${hasToleration("object.spec.template.spec")})` +
      (podsStay === undefined ? "" : ` || !(${podsStay})`),
    strandingMessage(workload, before, stay),
  );

const strategy = "object.spec.updateStrategy";
const partition = `${strategy}.rollingUpdate.partition`;

/** The rules of one kind: those that every kind has, and what is its own. Only fields that the kind has may be named. */
function validationsOf({ kind }: WorkloadKind, workload: string): readonly Validation[] {
  switch (kind) {
    case "Deployment":
      return [
        keepsReplicas(workload),
        keepsToleration(workload, stays.paused, "has(object.spec.paused) && object.spec.paused"),
      ];
    case "StatefulSet":
      return [
        keepsReplicas(workload),
        keepsOrdinals(workload),
        keepsToleration(
          workload,
          stays.onDelete,
          `has(${strategy}) && has(${strategy}.type) && ${strategy}.type == 'OnDelete'`,
        ),
        keepsToleration(
          workload,
          stays.partition(gap(`string(${partition})`)),
          `has(${strategy}) && has(${strategy}.rollingUpdate) && has(${partition}) && ${partition} > 0`,
        ),
      ];
    default:
      return [keepsReplicas(workload), keepsToleration(workload, stays.always(kind))];
  }
}

const variablesOf = ({ kind }: WorkloadKind): PolicyDefinition["variables"] => [
  { name: "before", expression: replicas("oldObject", 1) },
  { name: "after", expression: replicas("object", 1) },
  ...(kind === "StatefulSet"
    ? [
        { name: "ordinalsBefore", expression: ordinals("oldObject") },
        { name: "ordinalsAfter", expression: ordinals("object") },
      ]
    : []),
];

/**
 * An update of a workload takes no VM away and leaves none unguarded. One policy for each kind: API servers check the
 * types of an expression against every kind that it is for, and `ordinals`, say, is a StatefulSet's alone.
 */
export const workloadPolicies: readonly PolicyDefinition[] = guardedKinds.map((kind) => ({
  name: `${kind.resource}.policy.cocoonstack.io`,
  matches: { ...workloads, rules: rulesFor([kind], ["UPDATE"]) },
  variables: variablesOf(kind),
  validations: validationsOf(kind, `${kind.kind} ${namespaced()}`),
}));
