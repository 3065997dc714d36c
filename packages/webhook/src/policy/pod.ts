import { apiGroup, kindCocoonSet, tolerationKey } from "@cocoonstack/common/meta";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { allow, type Decision, deny, skip } from "./decision.js";
import { asObject, type JsonObject } from "./json.js";
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
 * otherwise. Judges CREATE; a pod that cannot be read is left to the API server, which refuses it itself.
 */
export function decidePodCreate(request: AdmissionRequest, { podCreators }: PodFacts): Decision {
  if (request.kind.kind !== "Pod" || request.kind.group !== "") return skip("other-kind");
  if (request.operation !== "CREATE") return allow("operation-exempt");
  const pod = readPod(request.object);
  if (pod === undefined) return skip("unreadable");
  if (!pod.isCocoon) return allow("not-cocoon");

  const label = `pod ${request.namespace}/${podName(request, pod.metadata)}`;
  const user = request.userInfo.username;
  if (!pod.isOwned) return deny("stray-pod", strayMessage(label));
  if (podCreators?.has(user) === false) return deny("untrusted-creator", creatorMessage(label, user));
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
    ({ kind, apiVersion }) =>
      kind === kindCocoonSet && typeof apiVersion === "string" && apiVersion.startsWith(`${apiGroup}/`),
  );
}

/** A pod with `generateName` has no name yet when it is admitted. */
function podName(request: AdmissionRequest, { name, generateName }: JsonObject): string {
  if (typeof name === "string" && name !== "") return name;
  if (request.name !== "") return request.name;
  return typeof generateName === "string" && generateName !== "" ? `${generateName}*` : "(unnamed)";
}

const strayMessage = (pod: string): string =>
  `${pod} tolerates ${tolerationKey}, which makes it a Cocoon VM, and no CocoonSet owns it: ` +
  `create a CocoonSet and let the operator make its pods, or remove the toleration`;

const creatorMessage = (pod: string, user: string): string =>
  `${pod} tolerates ${tolerationKey}, which makes it a Cocoon VM, and user "${user}" may not create such pods: ` +
  `create a CocoonSet and let the operator make its pods, or have the user added to the webhook's POD_CREATORS`;
