import { apiGroup, kindCocoonSet, tolerationKey } from "@cocoonstack/common/meta";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { groupOf } from "./api-version.js";
import { allow, type Decision, deny, skip } from "./decision.js";
import { asObject, type JsonObject } from "./json.js";
import { shownName } from "./shown-name.js";
import { podSpecIsCocoon } from "./tolerations.js";

/** Facts that the pod rule needs besides the request. */
export interface PodFacts {
  /**
   * The only users who may create cocoon pods; undefined for everybody. Anyone can write an owner reference, while the
   * user name is authenticated.
   */
  readonly podCreators: ReadonlySet<string> | undefined;
}

/**
 * A pod that would run as a VM comes from a CocoonSet, or is refused: nobody would suspend, snapshot or account for it
 * otherwise. Judges CREATE before other webhooks have had their say, so that a stray pod is refused early; a pod that
 * cannot be read is left to the API server, which refuses it itself.
 */
export function decidePodCreate(request: AdmissionRequest, facts: PodFacts): Decision {
  if (!isPod(request)) return skip("other-kind");
  return request.operation === "CREATE" ? judge(request, facts) : allow("operation-exempt");
}

/**
 * The rule of {@link decidePodCreate} on the final object: another webhook may have added the toleration meanwhile. Of
 * updates, those are judged that *add* it, which Kubernetes lets anybody do on a running pod; a pod that has it already
 * may go on changing, whatever it is.
 */
export function decidePodChange(request: AdmissionRequest, facts: PodFacts): Decision {
  if (!isPod(request)) return skip("other-kind");
  switch (request.operation) {
    case "CREATE":
      return judge(request, facts);
    case "UPDATE": {
      const before = readPod(request.oldObject);
      if (before === undefined) return skip("unreadable");
      return before.isCocoon ? allow("cocoon-already") : judge(request, facts);
    }
    case "DELETE":
    case "CONNECT":
      return allow("operation-exempt");
  }
}

const isPod = ({ kind }: AdmissionRequest): boolean => kind.kind === "Pod" && kind.group === "";

function judge(request: AdmissionRequest, { podCreators }: PodFacts): Decision {
  const pod = readPod(request.object);
  if (pod === undefined) return skip("unreadable");
  if (!pod.isCocoon) return allow("not-cocoon");

  const user = request.userInfo.username;
  const label = `pod ${shownName(request.namespace)}/${shownName(podName(request, pod.metadata))}`;
  const isUpdate = request.operation === "UPDATE";
  if (!pod.isOwned) return deny("stray-pod", isUpdate ? strayUpdateMessage(label) : strayMessage(label));
  if (podCreators?.has(user) === false)
    return deny("untrusted-creator", creatorMessage(label, shownName(user)));
  return allow("owned");
}

/** The slice of a pod that decides. */
interface PodSlice {
  readonly metadata: JsonObject;
  readonly isCocoon: boolean;
  readonly isOwned: boolean;
}

/** Undefined where one of the fields that decide has another shape than a pod's. */
function readPod(object: unknown): PodSlice | undefined {
  const pod = asObject(object);
  const metadata = asObject(pod?.["metadata"] ?? {});
  const isCocoon = podSpecIsCocoon(pod?.["spec"]);
  const isOwned = metadata && ownedByOurCocoonSet(metadata);
  if (metadata === undefined || isCocoon === undefined || isOwned === undefined) return undefined;
  return { metadata, isCocoon, isOwned };
}

/**
 * Whether a CocoonSet of our group is among the owners; undefined where the owner references have another shape. The
 * library's `isOwnedByCocoonSet` looks at the kind alone, as the contract between the components says; that would let
 * anybody's own kind of the same name through.
 */
function ownedByOurCocoonSet(metadata: JsonObject): boolean | undefined {
  const owners = metadata["ownerReferences"] ?? [];
  if (!Array.isArray(owners)) return undefined;
  const references = owners.map(asObject);
  if (!references.every((reference) => reference !== undefined)) return undefined;
  return references.some(
    ({ kind, apiVersion }) => kind === kindCocoonSet && groupOf(apiVersion) === apiGroup,
  );
}

/** A pod with `generateName` has no name yet when it is admitted. */
function podName(request: AdmissionRequest, { name, generateName }: JsonObject): string {
  if (typeof name === "string" && name !== "") return name;
  if (request.name !== "") return request.name;
  return typeof generateName === "string" && generateName !== "" ? `${generateName}*` : "(unnamed)";
}

/** Of a new pod; `pod` is `pod namespace/name`, as in the messages below. */
export const strayMessage = (pod: string): string =>
  `${pod} tolerates ${tolerationKey}, which makes it a Cocoon VM, and no CocoonSet owns it: ` +
  `create a CocoonSet and let the operator make its pods, or remove the toleration`;

export const strayUpdateMessage = (pod: string): string =>
  `${pod} gains the toleration ${tolerationKey} by this update, which marks it as a Cocoon VM, and no CocoonSet owns it: ` +
  `leave the toleration out; for a VM, create a CocoonSet and let the operator make its pods`;

export const creatorMessage = (pod: string, user: string): string =>
  `${pod} tolerates ${tolerationKey}, which makes it a Cocoon VM, and user "${user}" may not create such pods: ` +
  `create a CocoonSet and let the operator make its pods, or have the user added to the webhook's POD_CREATORS`;
