import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admissions } from "../../support/admissions.js";
import { eventually } from "../../support/eventually.js";
import { workload } from "../../support/objects.js";
import { closeNamespace, good, openNamespace, person } from "../../support/person.js";
import { apiPath } from "../../support/api-path.js";
import { type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

// With the real controllers: the VMs are there before the webhook is, as its rule for pods lets no Deployment make any.
const plane = sharedControlPlane();
const ns = "bypass-rollouts";
const alice = person(plane, ns, "alice");
let registered: RegisteredWebhook;

interface ReplicaSet {
  readonly metadata: { readonly name: string; readonly creationTimestamp: string };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly replicas: number;
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}

/** The ReplicaSets of a Deployment by the image of their template. */
async function replicaSets(app: string): Promise<Readonly<Record<string, ReplicaSet>>> {
  const path = `${apiPath("ReplicaSet", ns)}?labelSelector=app%3D${app}`;
  const { items } = (await good(plane.request("GET", path))) as {
    items: (ReplicaSet & { spec: { template: { spec: { containers: { image: string }[] } } } })[];
  };
  return Object.fromEntries(items.map((item) => [item.spec.template.spec.containers[0]?.image ?? "", item]));
}
const oldImage = "ghcr.io/cocoonstack/cocoon/ubuntu:24.04";
const newImage = "ghcr.io/cocoonstack/cocoon/ubuntu:26.04";

// One pod less while a rollout goes on: what never becomes ready, as here where no node is, could not be replaced otherwise.
const rolling = { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } };

beforeAll(async () => {
  await openNamespace(plane, ns);
  for (const app of ["vms", "undone", "recreated"]) {
    const spec = app === "recreated" ? { strategy: { type: "Recreate" } } : rolling;
    await good(alice.create("Deployment", workload("Deployment", app, 2, undefined, spec)));
  }
  await good(alice.create("Deployment", workload("Deployment", "web", 2, [], rolling)));
  for (const app of ["vms", "undone", "recreated", "web"]) {
    const sets = await eventually(
      () => replicaSets(app),
      (found) => found[oldImage]?.status.replicas === 2,
    );
    expect(sets[oldImage]?.status.replicas).toBe(2);
  }
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

describe("an update of a cocoon Deployment, carried out by the real controllers", () => {
  it("an update of a cocoon Deployment passes, and the warning says that its new pods will be refused", async () => {
    const { code, stderr } = await alice.kubectl(["set", "image", "deployment/vms", `vm=${newImage}`]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: Deployment bypass-rollouts\/vms: .*up to 2 Cocoon VMs/);
    expect(stderr).toContain("will be refused");
  });

  it("the real controller's ReplicaSet writes pass: it lowers the old one", async () => {
    const sets = await eventually(
      () => replicaSets("vms"),
      (found) => found[oldImage]?.spec.replicas === 1 && found[oldImage].status.replicas === 1,
    );
    expect(sets[oldImage]).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 1 } });
  });

  it("the new pods of the real controller's ReplicaSet are refused by the rule for pods", async () => {
    const sets = await eventually(
      () => replicaSets("vms"),
      (found) => found[newImage]?.status.conditions !== undefined,
    );
    const condition = sets[newImage]?.status.conditions?.find(({ type }) => type === "ReplicaFailure");
    expect(condition?.message).toContain(
      'admission webhook "pods.webhook.cocoonstack.io" denied the request',
    );
    expect(sets[newImage]?.status.replicas).toBe(0);
  });

  it("an update of a Deployment with Recreate loses all VMs, and the warning says so", async () => {
    const { stderr } = await alice.kubectl(["set", "image", "deployment/recreated", `vm=${newImage}`]);
    expect(stderr).toMatch(/^Warning: Deployment bypass-rollouts\/recreated: .*up to 2 Cocoon VMs/);
    const sets = await eventually(
      () => replicaSets("recreated"),
      (found) => found[oldImage]?.status.replicas === 0 && newImage in found,
    );
    expect(sets[oldImage]?.status.replicas).toBe(0);
  });
});

describe("an ordinary Deployment", () => {
  it("ordinary rollouts are unaffected, and nobody is asked", async () => {
    // Of pods that have no toleration nothing may be heard; what the cocoon Deployments above still try is not counted.
    const asked = (): Promise<number> => admissions(registered.webhook, { handler: "validate" });
    const before = await asked();
    const { code, stderr } = await alice.kubectl(["set", "image", "deployment/web", `vm=${newImage}`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const sets = await eventually(
      () => replicaSets("web"),
      (found) => (found[newImage]?.status.replicas ?? 0) > 0,
    );
    expect(sets[newImage]?.status.replicas).toBeGreaterThan(0);
    expect(await asked()).toBe(before);
  });
});
