import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ScaledKind, workload } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "bypass-tolerations";
const alice = person(plane, ns, "alice");
let registered: RegisteredWebhook;

beforeAll(async () => {
  await openNamespace(plane, ns);
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

/** Each test has a workload of its own: the deletion of the last one may still be going on. */
let name = "agents-0";
let count = 0;
const without = (extra: object = {}): object => ({ template: { spec: { tolerations: null } }, ...extra });

interface Case {
  readonly title: string;
  readonly kind: ScaledKind;
  readonly spec: object;
  readonly because: string;
}

const stranding: readonly Case[] = [
  { title: "ReplicaSet", kind: "ReplicaSet", spec: {}, because: "a ReplicaSet never replaces" },
  {
    title: "ReplicationController",
    kind: "ReplicationController",
    spec: {},
    because: "a ReplicationController never replaces",
  },
  { title: "paused Deployment", kind: "Deployment", spec: { paused: true }, because: "it is paused" },
  {
    title: "OnDelete StatefulSet",
    kind: "StatefulSet",
    spec: { updateStrategy: { type: "OnDelete" } },
    because: "its update strategy OnDelete leaves running pods alone",
  },
  {
    title: "partitioned StatefulSet",
    kind: "StatefulSet",
    spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
    because: "its partition leaves the pods below ordinal 2 alone",
  },
];

describe.each(stranding)("a cocoon $title", ({ title, kind, spec, because }) => {
  beforeEach(async () => {
    name = `agents-${++count}`;
    await good(alice.create(kind, workload(kind, name, 3, undefined, spec)));
  });

  it(`toleration removed and scaled down in two updates is refused at the first: ${title}`, async () => {
    const answer = await alice.patch(kind, name, { spec: without() });
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toContain(
      `${kind} ${ns}/${name} cannot lose the toleration virtual-kubelet.io/provider while spec.replicas is 3: ${because}`,
    );
  });

  it(`toleration removed and scaled down in one update is refused: ${title}`, async () => {
    const answer = await alice.patch(kind, name, { spec: without({ replicas: 0 }) });
    expect(messageOf(answer)).toContain(`${kind} ${ns}/${name} cannot be scaled from 3 to 0 replicas`);
  });

  it(`toleration made another key by a JSON patch is refused: ${title}`, async () => {
    const replace = [
      { op: "replace", path: "/spec/template/spec/tolerations/0/key", value: "example.com/x" },
    ];
    const { stderr } = await alice.kubectl([
      "patch",
      `${kind.toLowerCase()}/${name}`,
      "--type=json",
      "-p",
      JSON.stringify(replace),
    ]);
    expect(stderr).toContain(because);
  });
});

describe("a cocoon workload whose pods roll", () => {
  it.each<ScaledKind>(["Deployment", "StatefulSet"])(
    "toleration removed passes, and the warning says what it costs: %s",
    async (kind) => {
      await good(alice.create(kind, workload(kind, "rolling", 3)));
      const patch = JSON.stringify({ spec: without() });
      const args = ["patch", `${kind.toLowerCase()}/rolling`, "--type=merge", "-p", patch];
      const { code, stderr } = await alice.kubectl(args);
      expect(code).toBe(0);
      expect(stderr).toContain(`Warning: ${kind} ${ns}/rolling loses its toleration`);
    },
  );

  it("pausing and taking the toleration in one update is refused: paused Deployments", async () => {
    await good(alice.create("Deployment", workload("Deployment", "pausing", 3)));
    const answer = await alice.patch("Deployment", "pausing", { spec: without({ paused: true }) });
    expect(messageOf(answer)).toContain("it is paused");
  });

  it("a scale-down of a paused Deployment is refused: paused Deployments", async () => {
    await good(alice.create("Deployment", workload("Deployment", "paused", 3, undefined, { paused: true })));
    const { stderr } = await alice.kubectl(["scale", "deployment/paused", "--replicas=2"]);
    expect(stderr).toContain(`Deployment ${ns}/paused cannot be scaled from 3 to 2 replicas`);
  });

  it("a template change and the end of the pause pass: paused Deployments", async () => {
    await good(
      alice.create("Deployment", workload("Deployment", "unpaused", 3, undefined, { paused: true })),
    );
    await good(
      alice.patch("Deployment", "unpaused", { spec: { template: { metadata: { labels: { v: "2" } } } } }),
    );
    await good(alice.patch("Deployment", "unpaused", { spec: { paused: false } }));
  });
});
