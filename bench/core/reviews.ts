import { readFileSync } from "node:fs";
import path from "node:path";

// The bodies that are sent are reviews as an API server sent them, with what a case is about changed. They are written
// without spaces, as API servers write them.

/** JSON that may be changed. */
export type Json = Record<string, unknown>;

const recorded = path.resolve(import.meta.dirname, "../../test/data/reviews");

/** A review with its objects, as far as these bodies change them. */
interface Review {
  readonly request: { object: Json; oldObject: Json | null };
}

const read = (file: string): Review => JSON.parse(readFileSync(path.join(recorded, file), "utf8")) as Review;

const cocoonToleration = "virtual-kubelet.io/provider";

const cocoonSetOwner = {
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonSet",
  name: "demo",
  uid: "f60133d1-d469-4067-b352-f1b3f05dd6c9",
  controller: true,
  blockOwnerDeletion: true,
};

/** A pod of a CocoonSet: with the toleration and with its owner. */
export function cocoonPod(): string {
  const review = read("mutate-Pod-CREATE-main.json");
  const metadata = review.request.object["metadata"] as Json;
  metadata["ownerReferences"] = [cocoonSetOwner];
  return JSON.stringify(review);
}

/** A pod without the toleration, of about so many bytes as a review. */
export function ordinaryPod(bytes: number): string {
  const review = read("mutate-Pod-CREATE-main.json");
  const spec = review.request.object["spec"] as { tolerations: Json[]; containers: Json[] };
  spec.tolerations = spec.tolerations.filter(({ key }) => key !== cocoonToleration);
  return padded(review, spec.containers, bytes);
}

/** An update of a Deployment of VMs that changes nothing, of about so many bytes as a review. */
export function deploymentUpdate(bytes: number): string {
  const review = read("validate-Deployment-UPDATE-main.json");
  const { object } = review.request;
  const { template } = object["spec"] as { template: { spec: { containers: Json[]; tolerations?: Json[] } } };
  template.spec.tolerations = [{ key: cocoonToleration, operator: "Exists" }];
  review.request.oldObject = object;
  return padded(review, template.spec.containers, bytes);
}

/** A valid CocoonSet with so many toolboxes. */
export function cocoonSet(toolboxes: number): string {
  const review = read("validate-cocoonset-CocoonSet-CREATE-main.json");
  specOf(review)["toolboxes"] = Array.from({ length: toolboxes }, (_, index) => ({
    backend: "cloud-hypervisor",
    connType: "ssh",
    image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04",
    mode: "run",
    name: `toolbox-${index}`,
    os: "linux",
  }));
  return JSON.stringify(review);
}

/** A CocoonSet that breaks three rules. */
export function invalidCocoonSet(): string {
  const review = read("validate-cocoonset-CocoonSet-CREATE-main.json");
  const agent = specOf(review)["agent"] as Json;
  Object.assign(agent, { image: "", backend: "firecracker", os: "windows", mode: "clone" });
  return JSON.stringify(review);
}

/** A scale-down of a Deployment by its subresource: the answer needs the Deployment itself. */
export function scaleDown(name: string, namespace: string): string {
  const review = read("validate-Scale-UPDATE-scale.json");
  const { object, oldObject } = review.request;
  Object.assign(review.request, {
    name,
    namespace,
    resource: { group: "apps", version: "v1", resource: "deployments" },
    requestResource: { group: "apps", version: "v1", resource: "deployments" },
  });
  for (const scale of [object, oldObject]) Object.assign(scale?.["metadata"] as Json, { name, namespace });
  return JSON.stringify(review);
}

const specOf = ({ request }: Review): Json => request.object["spec"] as Json;

/** Grows with what pods are long of: containers with environment variables and mounts. */
function padded(review: Review, containers: Json[], bytes: number): string {
  for (let index = 0; ; index++) {
    const text = JSON.stringify(review);
    if (text.length >= bytes) return text;
    containers.push(sidecar(index, Math.min(10, Math.ceil((bytes - text.length) / 200))));
  }
}

const sidecar = (index: number, variables: number): Json => ({
  name: `sidecar-${index}`,
  image: `registry.example.com/team/sidecar-${index}:1.2.3`,
  env: Array.from({ length: variables }, (_, variable) => ({
    name: `SETTING_${variable}`,
    value: `value-${index}-${variable}`,
  })),
  resources: { requests: { cpu: "10m", memory: "16Mi" } },
});
