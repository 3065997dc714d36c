import { cocoonSet, hibernation, pod, type ScaledKind } from "../../support/objects.js";
import { pathOf } from "../../support/guarded-objects.js";
import { type Review, review } from "./review.js";

/** A request of the API server's, what has to come back, and what the webhook is asked because of it. */
export interface Question {
  /** What it is, for the table. */
  readonly name: string;
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly status: number;
  /** Part of the message. */
  readonly message?: string;
  /** Decisions of the webhook, by which it is counted there; none where the API server knows by itself that it has no say. */
  readonly reviews: readonly Review[];
}

/** Where everything is asked. */
export const soakNamespace = "soak";

/** What the stage puts there, which no question changes: all of them are dry runs. */
export const standing = {
  vm: (kind: ScaledKind): string => `vms-${kind.toLowerCase()}`,
  web: "web",
  pod: "plain",
  set: "stored",
  takenPod: "taken",
} as const;

const ownerReferences = [
  { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "demo" },
];
const dryRun = "?dryRun=All";
const at = (kind: string, name?: string): string => pathOf(soakNamespace, kind, name);
const sets = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${soakNamespace}/cocoonsets`;
const merge = { method: "PATCH", contentType: "application/merge-patch+json" } as const;
const warned = review("warn", "allow", "warned");
const noLoss = review("warn", "allow", "nothing-lost");

const pods: readonly Question[] = [
  {
    name: "a stray pod",
    ...{ method: "POST", path: at("Pod") + dryRun, body: pod("stray") },
    ...{ status: 403, message: `pod ${soakNamespace}/stray tolerates virtual-kubelet.io/provider` },
    reviews: [review("mutate", "deny", "stray-pod")],
  },
  {
    name: "a pod of a CocoonSet",
    ...{ method: "POST", path: at("Pod") + dryRun, body: pod("owned", { ownerReferences }), status: 201 },
    reviews: [review("mutate", "allow", "owned"), review("validate_pod", "allow", "owned")],
  },
  {
    name: "an ordinary pod",
    ...{ method: "POST", path: at("Pod") + dryRun, body: pod("web", { tolerations: [] }), status: 201 },
    reviews: [],
  },
  {
    name: "a pod that gains the toleration",
    ...{
      method: "PATCH",
      path: at("Pod", standing.pod) + dryRun,
      contentType: "application/json-patch+json",
    },
    body: [{ op: "add", path: "/spec/tolerations/-", value: { key: "virtual-kubelet.io/provider" } }],
    ...{ status: 403, message: `pod ${soakNamespace}/${standing.pod}` },
    reviews: [review("validate_pod", "deny", "stray-pod")],
  },
];

/** Whether a change of the template replaces the pods, so that none runs on unguarded: refused where it does not, else warned of. */
const rollsOut = (kind: ScaledKind): boolean => kind === "Deployment" || kind === "StatefulSet";

/** Of one kind whose pods are VMs. */
const workloads = (kind: ScaledKind): readonly Question[] => {
  const name = standing.vm(kind);
  const [own, scale] = [at(kind, name) + dryRun, `${at(kind, name)}/scale${dryRun}`];
  const message = `${kind} ${soakNamespace}/${name}`;
  return [
    {
      name: `${kind}: scaled down`,
      ...{ ...merge, path: scale, body: { spec: { replicas: 1 } }, status: 403, message },
      reviews: [review("validate", "deny", "scale-down")],
    },
    {
      name: `${kind}: scaled up`,
      ...{ ...merge, path: scale, body: { spec: { replicas: 9 } }, status: 200 },
      reviews: [],
    },
    {
      name: `${kind}: fewer replicas by an edit`,
      ...{ ...merge, path: own, body: { spec: { replicas: 2 } }, status: 403, message },
      reviews: [review("validate", "deny", "scale-down"), noLoss],
    },
    {
      name: `${kind}: the toleration taken away`,
      ...{ ...merge, path: own, body: { spec: { template: { spec: { tolerations: null } } } } },
      ...(rollsOut(kind)
        ? { status: 200, reviews: [review("validate", "allow", "no-scale-down"), warned] }
        : { status: 403, message, reviews: [review("validate", "deny", "toleration-removed"), noLoss] }),
    },
    {
      name: `${kind}: a label`,
      ...{ ...merge, path: own, body: { metadata: { labels: { tier: "vm" } } }, status: 200 },
      reviews: [noLoss],
    },
  ];
};

const customs: readonly Question[] = [
  {
    name: "an ordinary Deployment scaled down",
    ...{
      ...merge,
      path: `${at("Deployment", standing.web)}/scale${dryRun}`,
      body: { spec: { replicas: 1 } },
    },
    status: 200,
    reviews: [review("validate", "allow", "not-cocoon")],
  },
  {
    name: "a CocoonSet",
    ...{ method: "POST", path: sets + dryRun, body: cocoonSet("fine"), status: 201 },
    reviews: [review("validate_cocoonset", "allow", "valid")],
  },
  {
    name: "a CocoonSet without an image",
    ...{ method: "POST", path: sets + dryRun, body: cocoonSet("broken", { agent: {} }) },
    ...{ status: 422, message: "spec.agent.image" },
    reviews: [review("validate_cocoonset", "deny", "invalid-spec")],
  },
  {
    name: "another image for a CocoonSet",
    ...{ ...merge, path: `${sets}/${standing.set}${dryRun}` },
    ...{ body: { spec: { agent: { image: "ubuntu:26.04" } } }, status: 200 },
    reviews: [review("validate_cocoonset", "allow", "valid"), noLoss],
  },
  {
    name: "the end of a CocoonSet",
    ...{ method: "DELETE", path: `${sets}/${standing.set}${dryRun}`, status: 200 },
    reviews: [warned],
  },
  {
    name: "a CocoonHibernation",
    ...{ method: "POST", path: at("CocoonHibernation") + dryRun, body: hibernation("free"), status: 201 },
    reviews: [review("validate_cocoonhibernation", "allow", "sole-hibernation")],
  },
  {
    name: "a second CocoonHibernation of a pod",
    ...{ method: "POST", path: at("CocoonHibernation") + dryRun, body: hibernation(standing.takenPod) },
    ...{ status: 422, message: "somebody-elses" },
    reviews: [review("validate_cocoonhibernation", "deny", "second-hibernation")],
  },
];

/** Every way of deciding: refusals, admissions, what needs another look at the API server, and what is not asked at all. */
export const questions: readonly Question[] = [
  ...pods,
  ...(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"] as const).flatMap(workloads),
  ...customs,
];
