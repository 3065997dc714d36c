/**
 * The rules of the webhook: pure functions from a request, and the facts that it needs, to one {@link Decision}.
 * Nothing here touches the network, the clock, files or the process.
 *
 * @module
 */
export { decideCocoonSet } from "./cocoonset.js";
export { type Decision, fail, skip, type Violation, warn, type Warning } from "./decision.js";
export { deploymentControllers } from "./deployment-controller.js";
export { asObject, jsonEqual, type JsonObject } from "./json.js";
export { denyNoPodName, denyOtherName, type HibernationsLookup, judgeHibernation } from "./hibernation.js";
export {
  creatorMessage,
  decidePodChange,
  decidePodCreate,
  type PodFacts,
  strayMessage,
  strayUpdateMessage,
} from "./pod.js";
export { type Outcome, reasons } from "./reasons.js";
export { isScale, judgeScale, type ParentLookup, type ParentRef } from "./scale.js";
export { shownName } from "./shown-name.js";
export { type Stay, stays, strandingMessage } from "./stranded.js";
export { adviseOnCocoonSet } from "./warn-cocoonset.js";
export { adviseOnWorkload } from "./warn-workload.js";
export { decideWorkloadUpdate, ordinalsMessage, scaleDownMessage } from "./workload.js";
export { guardedKinds, unscaledKinds, type WorkloadKind } from "./workload-kinds.js";
