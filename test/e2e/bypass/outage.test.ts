import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiResponse } from "../../controlplane/index.js";
import { installCrds } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import {
  cocoonOwner,
  cocoonSet,
  cocoonToleration,
  hibernation,
  pod,
  workload,
} from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { must, type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";
import { WebhookProcess } from "../../support/webhook-process.js";

// The webhook is registered and gone: what waits is what is at stake, and nothing else.
const plane = sharedControlPlane();
const ns = "bypass-outage";
const alice = person(plane, ns, "alice");
const operator = person(plane, ns, "operator");
let registered: RegisteredWebhook;
let owner: object;

/** Paused, so that no controller writes at the same time. */
const paused = { paused: true };

beforeAll(async () => {
  await installCrds(plane);
  await openNamespace(plane, ns);
  const set = await good(alice.create("CocoonSet", cocoonSet("demo")));
  owner = cocoonOwner("demo", (set as { metadata: { uid: string } }).metadata.uid);
  await good(operator.create("Pod", pod("demo-0", { ownerReferences: [owner] })));
  await good(alice.create("Pod", pod("plain", { tolerations: [] })));
  await good(alice.create("Deployment", workload("Deployment", "vms", 3, undefined, paused)));
  await good(alice.create("Deployment", workload("Deployment", "gone", 3, undefined, paused)));
  await good(alice.create("Deployment", workload("Deployment", "web", 3, [], paused)));
  registered = await registerWebhook(plane);
  await registered.webhook.stop();
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

const newTemplate = { template: { metadata: { labels: { v: "2" } } } };
const tolerations = [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }, cocoonToleration];

describe("the webhook down: what waits", () => {
  it.each<[string, string, () => Promise<ApiResponse>]>([
    [
      "a cocoon pod, even the operator's",
      "pods",
      () => operator.create("Pod", pod("demo-1", { ownerReferences: [owner] })),
    ],
    [
      "the toleration added to a running pod",
      "final-pods",
      async () => {
        const { spec } = (await good(alice.get("Pod", "plain"))) as { spec: { tolerations: object[] } };
        return alice.patch("Pod", "plain", { spec: { tolerations: [...spec.tolerations, ...tolerations] } });
      },
    ],
    [
      "a scale-down of a cocoon workload",
      "workloads",
      () => alice.patch("Deployment", "vms", { spec: { replicas: 2 } }),
    ],
    [
      "a scale-down of a cocoon workload by /scale",
      "scale",
      () => alice.patch("Deployment", "vms/scale", { spec: { replicas: 2 } }),
    ],
    [
      "a scale-down of an ordinary workload by /scale, which shows no template",
      "scale",
      () => alice.patch("Deployment", "web/scale", { spec: { replicas: 2 } }),
    ],
    ["a new CocoonSet", "cocoonsets", () => alice.create("CocoonSet", cocoonSet("new"))],
    [
      "a change of a CocoonSet's spec",
      "cocoonsets",
      () => alice.patch("CocoonSet", "demo", { spec: { suspend: true } }),
    ],
    [
      "a new hibernation",
      "cocoonhibernations",
      () => alice.create("CocoonHibernation", hibernation("demo-0")),
    ],
  ])("the webhook down: %s waits", async (_, entry, attempt) => {
    const answer = await attempt();
    expect(answer.status).toBe(500);
    expect(messageOf(answer)).toContain(`failed calling webhook "${entry}.webhook.cocoonstack.io"`);
  });
});

describe("the webhook down: what goes on", () => {
  it.each<[string, () => Promise<ApiResponse>]>([
    ["an ordinary pod", () => alice.create("Pod", pod("ordinary", { tolerations: [] }))],
    [
      "a pod that tolerates everything",
      () => alice.create("Pod", pod("daemon", { tolerations: [{ operator: "Exists" }] })),
    ],
    ["an ordinary rollout", () => alice.patch("Deployment", "web", { spec: newTemplate })],
    [
      "a scale-down of an ordinary workload by an update",
      () => alice.patch("Deployment", "web", { spec: { replicas: 2 } }),
    ],
    [
      "a scale-up of an ordinary workload by /scale",
      () => alice.patch("Deployment", "web/scale", { spec: { replicas: 9 } }),
    ],
    [
      "a scale-up of a cocoon workload by /scale",
      () => alice.patch("Deployment", "vms/scale", { spec: { replicas: 4 } }),
    ],
    ["a rollout of a cocoon workload", () => alice.patch("Deployment", "vms", { spec: newTemplate })],
    [
      "a new cocoon workload",
      () => alice.create("Deployment", workload("Deployment", "new", 1, undefined, paused)),
    ],
    [
      "labels and finalizers of a cocoon workload",
      () => alice.patch("Deployment", "vms", { metadata: { labels: { a: "b" }, finalizers: null } }),
    ],
    [
      "the status of a cocoon workload",
      () =>
        person(plane, ns, "admin").patch("Deployment", "vms/status", { status: { observedGeneration: 1 } }),
    ],
    [
      "labels and finalizers of a cocoon pod",
      () => alice.patch("Pod", "demo-0", { metadata: { labels: { a: "b" }, finalizers: ["example.com/x"] } }),
    ],
    [
      "the end of a finalizer of a cocoon pod",
      () => alice.patch("Pod", "demo-0", { metadata: { finalizers: null } }),
    ],
    [
      "the status of a cocoon pod",
      () => operator.patch("Pod", "demo-0/status", { status: { phase: "Running" } }),
    ],
    [
      "labels and finalizers of a CocoonSet",
      () => alice.patch("CocoonSet", "demo", { metadata: { labels: { a: "b" }, finalizers: [] } }),
    ],
    [
      "the status of a CocoonSet",
      () => operator.patch("CocoonSet", "demo/status", { status: { phase: "Running" } }),
    ],
    ["the deletion of a cocoon workload", () => alice.remove("Deployment", "gone")],
    ["the deletion of a cocoon pod", () => alice.remove("Pod", "demo-0")],
    ["the deletion of a CocoonSet", () => alice.remove("CocoonSet", "demo")],
  ])("the webhook down: %s goes on", async (_, attempt) => {
    await good(attempt());
  });
});

it("the webhook back on the same port: what waited is decided again, by itself", async () => {
  const { certFile, keyFile, webhook } = registered;
  await using back = await WebhookProcess.start([
    ...["--tls-cert", certFile, "--tls-key", keyFile, "--kubeconfig", plane.kubeconfig("webhook")],
    ...["--listen-addr", `127.0.0.1:${webhook.port}`],
  ]);
  expect(back.port).toBe(webhook.port);
  const refused = await eventually(
    () => alice.patch("Deployment", "vms/scale", { spec: { replicas: 1 } }),
    ({ status }) => status === 403,
  );
  expect(messageOf(refused)).toContain(`Deployment ${ns}/vms cannot be scaled from 4 to 1 replicas`);
  await good(alice.patch("Deployment", "web/scale", { spec: { replicas: 1 } }));
  await must(alice.kubectl(["create", "-f", "-"], cocoonSet("new")));
});
