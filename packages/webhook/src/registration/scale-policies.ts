import { guardedKinds, scaleDownMessage } from "../policy/index.js";
import { gap } from "./cel.js";
import { rulesFor, scale } from "./entries.js";
import { hasToleration, replicas } from "./expressions.js";
import { namespaced, type PolicyDefinition, refuse } from "./policy-definition.js";

const isNotCocoon = `params.metadata.name != request.name || !(${hasToleration("params.spec.template.spec")})`;

/**
 * A scale-down by `/scale` takes no VM away. A Scale shows no template, and a policy cannot fetch the workload behind it; so
 * every workload of the namespace is a parameter, and the rule is asked once for each: that is what it costs. A parameter
 * has one kind, hence one policy for each.
 */
export const scalePolicies: readonly PolicyDefinition[] = guardedKinds.map((kind) => ({
  name: `${kind.resource}-scale.policy.cocoonstack.io`,
  matches: { ...scale, rules: rulesFor([kind], ["UPDATE"], "scale") },
  paramKind: { apiVersion: kind.group === "" ? "v1" : `${kind.group}/v1`, kind: kind.kind },
  variables: [],
  validations: [
    refuse(
      isNotCocoon,
      scaleDownMessage(
        `${kind.kind} ${namespaced()}`,
        gap(`string(${replicas("oldObject", 0)})`),
        gap(`string(${replicas("object", 0)})`),
      ),
    ),
  ],
}));
