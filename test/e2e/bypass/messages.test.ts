import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reasons } from "../../../packages/webhook/src/policy/reasons.js";
import { identities } from "../../controlplane/index.js";
import { installCrds, installPermissiveCrd } from "../../support/crds.js";
import {
  cocoonOwner,
  cocoonSet,
  cocoonToleration,
  hibernation,
  pod,
  workload,
} from "../../support/objects.js";
import { closeNamespace, good, openNamespace, person } from "../../support/person.js";
import { type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

// What a person reads at three in the morning: the object, the rule, the numbers, the way out.
const plane = sharedControlPlane();
const ns = "bypass-messages";
const alice = person(plane, ns, "alice");
const admin = person(plane, ns, "admin");
const paused = { paused: true };
const told = new Set<string>();

/** The reasons with which a webhook has refused so far. */
async function noteReasons({ webhook }: RegisteredWebhook): Promise<void> {
  for (const sample of (await webhook.metrics()).keys()) {
    const reason = /^cocoon_webhook_admission_total\{.*result="(?:deny|error)",reason="([^"]+)"/.exec(
      sample,
    )?.[1];
    if (reason !== undefined) told.add(reason);
  }
}

/** Runs a webhook for the tests of a block, and notes what it refused them with. */
function withWebhook(settings: Parameters<typeof registerWebhook>[1]): void {
  beforeAll(async () => {
    const registered = await registerWebhook(plane, settings);
    return async () => {
      await noteReasons(registered);
      await registered[Symbol.asyncDispose]();
    };
  });
}

beforeAll(async () => {
  await openNamespace(plane, ns);
  await installPermissiveCrd(plane, "cocoonhibernations");
  await installPermissiveCrd(plane, "cocoonsets");
  const damaged = { ...hibernation("damaged"), spec: { desire: "Hibernate" } };
  await good(person(plane, "default", "admin").create("CocoonHibernation", damaged));
  await good(alice.create("CocoonHibernation", hibernation("old-name", "demo-1")));
  await good(alice.create("CocoonHibernation", hibernation("going", "demo-2")));
  await good(alice.patch("CocoonHibernation", "going", { metadata: { finalizers: ["example.com/x"] } }));
  await good(alice.remove("CocoonHibernation", "going"));
});
afterAll(async () => {
  await admin.patch("CocoonHibernation", "going", { metadata: { finalizers: null } });
  await person(plane, "default", "admin").remove("CocoonHibernation", "damaged");
  await installCrds(plane);
  await closeNamespace(plane, ns);
});

/** What kubectl prints where people look for what went wrong. */
const printed = async (args: readonly string[], stdin?: object): Promise<string> => {
  const { stdout, stderr } = await alice.kubectl(args, stdin);
  return stderr === "" ? `nothing but: ${stdout}` : stderr;
};
const create = (object: object): Promise<string> => printed(["create", "-f", "-"], object);
const patch = (resource: string, change: object): Promise<string> =>
  printed(["patch", resource, "--type=merge", "-p", JSON.stringify(change)]);

describe("what kubectl prints", () => {
  withWebhook({ env: { POD_CREATORS: identities.operator.user } });

  beforeAll(async () => {
    await good(alice.create("Pod", pod("plain", { tolerations: [] })));
    const spec = { ordinals: { start: 2 } };
    await good(alice.create("Deployment", workload("Deployment", "web", 2, [], paused)));
    await good(alice.create("Deployment", workload("Deployment", "vms", 3)));
    await good(alice.create("Deployment", workload("Deployment", "paused", 3, undefined, paused)));
    await good(alice.create("StatefulSet", workload("StatefulSet", "agents", 3, undefined, spec)));
    const onDelete = { updateStrategy: { type: "OnDelete" } };
    await good(alice.create("StatefulSet", workload("StatefulSet", "on-delete", 1, undefined, onDelete)));
    const partition = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } };
    await good(alice.create("StatefulSet", workload("StatefulSet", "partitioned", 3, undefined, partition)));
    await good(alice.create("ReplicaSet", workload("ReplicaSet", "single", 1)));
    await good(alice.create("ReplicationController", workload("ReplicationController", "old", 3)));
    const agent = { image: "ubuntu:24.04", replicas: 2 };
    const toolboxes = [{ name: "db", image: "postgres:17" }];
    await good(alice.create("CocoonSet", cocoonSet("demo", { agent, toolboxes })));
  });

  const bare = { template: { spec: { tolerations: null } } };
  const owned = { ownerReferences: [cocoonOwner("demo", "1")] };

  it.each<[string, () => Promise<string>]>([
    ["stray-pod: a new pod", () => create(pod("stray"))],
    [
      "stray-pod: an update that adds the toleration",
      () =>
        printed([
          ...["patch", "pod/plain", "--type=json", "-p"],
          JSON.stringify([{ op: "add", path: "/spec/tolerations/-", value: cocoonToleration }]),
        ]),
    ],
    ["untrusted-creator", () => create(pod("forged", owned))],
    ["scale-down: kubectl scale", () => printed(["scale", "deployment/vms", "--replicas=1"])],
    ["scale-down: one replica to none", () => printed(["scale", "rs/single", "--replicas=0"])],
    ["scale-down: an update", () => patch("statefulset/agents", { spec: { replicas: 1 } })],
    ["ordinals-removed", () => patch("statefulset/agents", { spec: { ordinals: { start: 4 } } })],
    ["toleration-removed: ReplicaSet", () => patch("rs/single", { spec: bare })],
    ["toleration-removed: ReplicationController", () => patch("rc/old", { spec: bare })],
    ["toleration-removed: paused Deployment", () => patch("deployment/paused", { spec: bare })],
    ["toleration-removed: OnDelete StatefulSet", () => patch("statefulset/on-delete", { spec: bare })],
    ["toleration-removed: partitioned StatefulSet", () => patch("statefulset/partitioned", { spec: bare })],
    [
      "invalid-spec",
      () => create(cocoonSet("bad", { agent: { image: "x", backend: "firecracker", replicas: -1 } })),
    ],
    [
      "undecodable: CocoonSet",
      () => create(cocoonSet("bad", { agent: { image: "x", resources: { requests: { cpu: "many" } } } })),
    ],
    ["undecodable: CocoonHibernation", () => create({ ...hibernation("demo-3"), spec: {} })],
    ["name-differs", () => create(hibernation("sleep", "demo-0"))],
    ["second-hibernation: live", () => create(hibernation("demo-1"))],
    ["second-hibernation: terminating", () => create(hibernation("demo-2"))],
    [
      "hibernation-unreadable",
      async () =>
        (await person(plane, "default", "admin").kubectl(["create", "-f", "-"], hibernation("demo-0")))
          .stderr,
    ],
  ])("a refusal: %s", async (_, attempt) => {
    expect(await attempt()).toMatchSnapshot();
  });

  it.each<[string, () => Promise<string>]>([
    ["a cocoon workload is created", () => create(workload("Deployment", "new", 2, undefined, paused))],
    [
      "the template changes: Deployment",
      () => printed(["set", "image", "deployment/vms", "vm=ubuntu:26.04"]),
    ],
    [
      "the template changes: StatefulSet",
      () => printed(["set", "image", "statefulset/agents", "vm=ubuntu:26.04"]),
    ],
    [
      "the template changes, and no pod goes",
      () => printed(["set", "image", "rs/single", "vm=ubuntu:26.04"]),
    ],
    [
      "the toleration is added",
      () => patch("deployment/web", { spec: { template: { spec: { tolerations: [cocoonToleration] } } } }),
    ],
    ["a pause ends", () => printed(["rollout", "resume", "deployment/paused"])],
    [
      "the update strategy lets pods go",
      () => patch("statefulset/on-delete", { spec: { updateStrategy: { type: "RollingUpdate" } } }),
    ],
    ["the toleration is removed: Deployment", () => patch("deployment/vms", { spec: bare })],
    ["the toleration is removed: StatefulSet", () => patch("statefulset/agents", { spec: bare })],
    ["the workload is deleted: Deployment", () => printed(["delete", "deployment", "paused"])],
    ["the workload is deleted: StatefulSet", () => printed(["delete", "statefulset", "partitioned"])],
    ["the workload is deleted: one VM", () => printed(["delete", "rs", "single"])],
    ["a CocoonSet asks for fewer", () => patch("cocoonset/demo", { spec: { agent: { replicas: 0 } } })],
    ["a CocoonSet loses a toolbox", () => patch("cocoonset/demo", { spec: { toolboxes: null } })],
    ["a CocoonSet is deleted", () => printed(["delete", "cocoonset", "demo"])],
  ])("a warning: %s", async (_, attempt) => {
    expect(await attempt()).toMatchSnapshot();
  });

  it("a warning about an object with the longest name arrives whole", async () => {
    const name = "a".repeat(253);
    await good(alice.create("ReplicaSet", { ...workload("ReplicaSet", "long", 3), metadata: { name } }));
    const { stderr } = await alice.kubectl(["delete", "rs", name]);
    expect(stderr).toMatch(
      /^Warning: ReplicaSet bypass-messages\/a+\.\.\.a+: its deletion removes up to 3 Cocoon VMs, /,
    );
    expect(stderr.trimEnd().length).toBeLessThanOrEqual("Warning: ".length + 256);
  });
});

describe("what kubectl prints while the webhook may not look", () => {
  // Alice may read what is in her own namespace only.
  withWebhook({ flags: ["--kubeconfig", plane.kubeconfig("alice")] });
  const elsewhere = person(plane, "default", "admin");
  beforeAll(async () => {
    await good(elsewhere.create("Deployment", workload("Deployment", "blind", 3, [], paused)));
    return () => elsewhere.remove("Deployment", "blind");
  });

  it("a refusal: parent-unavailable", async () => {
    const { stderr } = await elsewhere.kubectl(["scale", "deployment/blind", "--replicas=1"]);
    expect(stderr).toMatchSnapshot();
  });

  it("a refusal: hibernations-unavailable", async () => {
    const { stderr } = await elsewhere.kubectl(["create", "-f", "-"], hibernation("demo-0"));
    expect(stderr).toMatchSnapshot();
  });
});

it("every reason for a refusal that can reach a person is above", () => {
  const all = [...Object.keys(reasons.deny), ...Object.keys(reasons.error)];
  // A webhook without a cluster is registered in none, and no request should be able to bring about a mistake of its own.
  const unseen = ["no-cluster", "internal"];
  expect([...told].sort()).toEqual(all.filter((reason) => !unseen.includes(reason)).sort());
});
