import { apiGroup, kindCocoonSet } from "@cocoonstack/common/meta";
import { creatorMessage, strayMessage, strayUpdateMessage } from "../policy/index.js";
import { celList, celText, gap } from "./cel.js";
import { finalPods } from "./entries.js";
import { namespaced, type PolicyDefinition, refuse, type Validation } from "./policy-definition.js";

// A name that is generated is there already: policies see what is about to be stored.
const pod = `pod ${namespaced("object.metadata.name")}`;
const username = "request.userInfo.username";

const isOwned =
  "has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(o, " +
  `o.kind == ${celText(kindCocoonSet)} && o.apiVersion.startsWith(${celText(`${apiGroup}/`)}))`;

const madeBy = (podCreators: readonly string[]): Validation =>
  refuse(`${username} in ${celList(podCreators)}`, creatorMessage(pod, gap(username)));

/**
 * A pod that would run as a VM comes from a CocoonSet.
 *
 * @param podCreators the only users who may create such pods; undefined for everybody
 */
export const podPolicy = (podCreators?: readonly string[]): PolicyDefinition => ({
  name: "pods.policy.cocoonstack.io",
  matches: finalPods,
  variables: [],
  validations: [
    refuse(`request.operation == 'UPDATE' || (${isOwned})`, strayMessage(pod)),
    refuse(isOwned, strayUpdateMessage(pod)),
    ...(podCreators === undefined ? [] : [madeBy(podCreators)]),
  ],
});
