import { isObject, type Json, listAt, numberAt, objectAt, textAt } from "./plain-json.js";

// The rules once more, in the plainest words, for well-formed objects only: what these refuse, the webhook must not let
// through, whatever stands around it. They may let through what the webhook refuses.

const toleration = "virtual-kubelet.io/provider";
const group = "cocoonset.cocoonstack.io";

/** Whether a request to this path is surely to be refused. */
export function isSurelyRefused(path: string, request: Json): boolean {
  return rules[path]?.(request) === true;
}

const rules: Readonly<Record<string, (request: Json) => boolean>> = {
  "/mutate": (request) => isKind(request, "", "Pod") && isCreate(request) && isStray(request["object"]),
  "/validate-pod": (request) =>
    isKind(request, "", "Pod") &&
    isStray(request["object"]) &&
    (isCreate(request) ||
      (isUpdate(request) && isTolerant(objectAt(request["oldObject"], "spec")) === false)),
  "/validate": (request) =>
    isUpdate(request) &&
    (textAt(request, "subResource") === "scale" ? scalesDown(request) : shrinks(request)),
  "/validate-cocoonset": (request) =>
    isKind(request, group, "CocoonSet") &&
    isCreate(request) &&
    ((numberAt(request["object"], "spec", "agent", "replicas") ?? 0) < 0 ||
      textAt(request["object"], "spec", "agent", "image") === ""),
  "/validate-cocoonhibernation": (request) => {
    const podName = textAt(request["object"], "spec", "podRef", "name");
    const name = textAt(request["object"], "metadata", "name");
    // The two names of an object are the same wherever an API server sends it.
    const differs = name !== undefined && name === textAt(request, "name") && podName !== name;
    return isKind(request, group, "CocoonHibernation") && isCreate(request) && differs;
  },
};

const isKind = (request: Json, wantedGroup: string, kind: string): boolean =>
  textAt(request, "kind", "kind") === kind && (textAt(request, "kind", "group") ?? "") === wantedGroup;

const isCreate = (request: Json): boolean => request["operation"] === "CREATE";
const isUpdate = (request: Json): boolean => request["operation"] === "UPDATE";

/** Undefined where the tolerations are not a list of objects with texts for keys. */
function isTolerant(podSpec: unknown): boolean | undefined {
  const list = listAt(podSpec, "tolerations");
  if (list?.every((item) => isObject(item) && typeof (item["key"] ?? "") === "string") !== true)
    return undefined;
  return list.some((item) => textAt(item, "key") === toleration);
}

/** Where metadata or owners have another shape, the API server refuses the pod itself. */
function isStray(pod: unknown): boolean {
  const owners = objectAt(pod, "metadata")?.["ownerReferences"] ?? [];
  if (!Array.isArray(owners) || !owners.every(isObject)) return false;
  const owned = owners.some(
    (owner) =>
      textAt(owner, "kind") === "CocoonSet" && textAt(owner, "apiVersion")?.startsWith(`${group}/`) === true,
  );
  return objectAt(pod, "metadata") !== undefined && !owned && isTolerant(objectAt(pod, "spec")) === true;
}

const guarded = ["apps/deployments", "apps/statefulsets", "apps/replicasets", "/replicationcontrollers"];

/** The workload behind it is always one of VMs here: see the facts that the target gives. */
function scalesDown(request: Json): boolean {
  const resource = `${textAt(request, "resource", "group") ?? ""}/${textAt(request, "resource", "resource") ?? ""}`;
  const before = numberAt(request["oldObject"], "spec", "replicas");
  const after = numberAt(request["object"], "spec", "replicas");
  return guarded.includes(resource) && before !== undefined && after !== undefined && after < before;
}

/** Not in the name of the controller, which may. */
function shrinks(request: Json): boolean {
  const isGuarded =
    ["Deployment", "StatefulSet", "ReplicaSet"].some((kind) => isKind(request, "apps", kind)) ||
    isKind(request, "", "ReplicationController");
  const before = numberAt(request["oldObject"], "spec", "replicas");
  const after = numberAt(request["object"], "spec", "replicas");
  const isCocoon = isTolerant(objectAt(request["oldObject"], "spec", "template", "spec"));
  const isController = textAt(request, "userInfo", "username")?.startsWith("system:") === true;
  const hasOrdinals = [request["oldObject"], request["object"]].some(
    (object) => isObject(object) && isObject(object["spec"]) && "ordinals" in object["spec"],
  );
  const countsFall = before !== undefined && after !== undefined && after < before;
  return isGuarded && isCocoon === true && !isController && !hasOrdinals && countsFall;
}
