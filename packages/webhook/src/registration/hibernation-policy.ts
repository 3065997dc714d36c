import { apiGroup, kindCocoonHibernation } from "@cocoonstack/common/meta";
import { denyNoPodName, denyOtherName } from "../policy/index.js";
import { gap } from "./cel.js";
import { hibernations } from "./entries.js";
import { type PolicyDefinition, refuse } from "./policy-definition.js";

const name = "object.metadata.name";
const podName = "object.spec.podRef.name";
const subject = { group: apiGroup, kind: kindCocoonHibernation, name: gap(name) };

/**
 * A CocoonHibernation bears the name of its pod. That no *other* one speaks for the pod is left to the webhook: of those that
 * bear their pod's name there is one for each, by the API server itself.
 */
export const hibernationPolicy: PolicyDefinition = {
  name: "cocoonhibernations.policy.cocoonstack.io",
  matches: hibernations,
  variables: [],
  validations: [
    refuse(
      `has(object.spec) && has(object.spec.podRef) && has(${podName}) && ${podName} != ''`,
      denyNoPodName(subject).message,
    ),
    refuse(`${name} == ${podName}`, denyOtherName(subject, gap(podName)).message),
  ],
};
