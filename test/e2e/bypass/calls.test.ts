import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { admissions } from "../../support/admissions.js";
import { installCrds } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import { inTurns } from "../../support/in-turns.js";
import { cocoonOwner, cocoonSet, pod, workload } from "../../support/objects.js";
import { closeNamespace, good, openNamespace, person } from "../../support/person.js";
import { must, type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

// What is no VM's business never leaves the API server: it cannot be slowed down, nor held up by an outage.
const plane = sharedControlPlane();
const ns = "bypass-calls";
const alice = person(plane, ns, "alice");
const operator = person(plane, ns, "operator");
const admin = person(plane, ns, "admin");
let registered: RegisteredWebhook;
let before = 0;

beforeAll(async () => {
  await untilNobodyElseMakesPods();
  await installCrds(plane);
  await openNamespace(plane, ns);
  const set = await good(alice.create("CocoonSet", cocoonSet("demo")));
  const owner = cocoonOwner("demo", (set as { metadata: { uid: string } }).metadata.uid);
  await good(operator.create("Pod", pod("demo-0", { ownerReferences: [owner] })));
  await good(alice.create("Deployment", workload("Deployment", "vms", 3, undefined, { paused: true })));
  await good(alice.create("Deployment", workload("Deployment", "web", 3, [])));
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

beforeEach(async () => {
  before = await admissions(registered.webhook);
});

/** Other test files' workloads go with their namespaces, and until then their controllers try to make VMs. */
async function untilNobodyElseMakesPods(): Promise<void> {
  const all = ["get", "deployments,replicasets,statefulsets", "-A", "-o", "json"];
  const makers = async (): Promise<number> =>
    (await must(plane.kubectl(all))).split('"virtual-kubelet.io/provider"').length - 1;
  const left = await eventually(makers, (count) => count === 0, 60_000);
  expect(left).toBe(0);
}

it("a hundred ordinary pods cause no call", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `plain-${index}`);
  await inTurns(10, names, (name) => good(alice.create("Pod", pod(name, { tolerations: [] }))));
  expect(await admissions(registered.webhook)).toBe(before);
});

it("ordinary rollouts cause no call", async () => {
  for (const image of ["b", "c", "d"])
    await must(alice.kubectl(["set", "image", "deployment/web", `vm=${image}`]));
  const observed = await eventually(
    () => alice.get("Deployment", "web"),
    ({ body }) => (body as { status: { observedGeneration: number } }).status.observedGeneration >= 4,
  );
  expect(observed.body).toMatchObject({ status: { observedGeneration: 4 } });
  expect(await admissions(registered.webhook)).toBe(before);
});

it("ordinary scale-ups cause no call, and neither do scale-downs by an update", async () => {
  await good(alice.patch("Deployment", "web", { spec: { replicas: 4 } }));
  await good(alice.patch("Deployment", "web/scale", { spec: { replicas: 5 } }));
  await good(alice.patch("Deployment", "web", { spec: { replicas: 2 } }));
  expect(await admissions(registered.webhook)).toBe(before);
});

it("status updates cause no call, of ordinary and of cocoon objects", async () => {
  const phase = { status: { phase: "Running" } };
  const observed = { status: { observedGeneration: 1 } };
  await good(admin.patch("Pod", "plain-0/status", phase));
  await good(operator.patch("Pod", "demo-0/status", phase));
  await good(operator.patch("CocoonSet", "demo/status", phase));
  await good(admin.patch("Deployment", "vms/status", observed));
  await good(admin.patch("Deployment", "web/status", observed));
  expect(await admissions(registered.webhook)).toBe(before);
});

it("labels of ordinary objects, of cocoon pods and of CocoonSets cause no call", async () => {
  await must(alice.kubectl(["label", "deployment/web", "pod/plain-1", "pod/demo-0", "team=a"]));
  await must(alice.kubectl(["label", "cocoonset", "demo", "team=a"]));
  expect(await admissions(registered.webhook)).toBe(before);
});

it("a label of a cocoon workload causes no call but the one that may warn", async () => {
  const advised = await admissions(registered.webhook, { handler: "warn" });
  await must(alice.kubectl(["label", "deployment/vms", "team=a"]));
  const now = await admissions(registered.webhook, { handler: "warn" });
  expect((await admissions(registered.webhook)) - before).toBe(now - advised);
});
