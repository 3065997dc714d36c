import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ControlPlane, ensureAssets, identities, startControlPlane } from "../../controlplane/index.js";
import { type ActivityLog, watchActivity } from "../../support/audit-log.js";
import { untilEstablished } from "../../support/established.js";
import { until } from "../../support/eventually.js";
import { grantsOf } from "../../support/grants.js";
import { startInstalledOperator } from "../../support/installed-operator.js";
import { installWebhook } from "../../support/installed-webhook.js";
import { cocoonOwner, pod } from "../../support/objects.js";
import { messageOf, type Person, person } from "../../support/person.js";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import { Place } from "../../support/platform/place.js";
import { Platform } from "../../support/platform/platform.js";
import { apply, must } from "../../support/registered-webhook.js";
import { find, type KubernetesObject, render } from "../../support/rendered.js";
import { Teardown } from "../../support/teardown.js";

const account = { namespace: "cocoon-system", name: "cocoon-operator" };
const { user } = identities.operator;
const ns = "shop";

/**
 * A control plane of its own: what the service account does there is what the operator does here. Nobody may have a pod hold up the
 * deletion of its owner without the right to, as on OpenShift.
 */
let plane: ControlPlane;
let objects: readonly KubernetesObject[];
let activity: ActivityLog;
let platform: Platform;
let place: Place;
let alice: Person;
const own = new Teardown();
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(result.reason);
  plane = await own.use(
    startControlPlane({
      assets: result.assets,
      admissionPlugins: ["OwnerReferencesPermissionEnforcement"],
    }),
  );
  const repository = path.resolve(import.meta.dirname, "../../..");
  await must(plane.kubectl(["apply", "-k", path.join(repository, "config/crd")]));
  await untilEstablished(plane);
  ({ objects } = await render(plane, "config/self-managed"));
  activity = await watchActivity(plane, user);
  await own.use(installWebhook(plane, objects));
  platform = await own.use(Platform.start(plane, { launch: startWithRegistry }));
  place = await Place.open(platform, ns);
  await letDevelopersIn();
  alice = person(plane, ns, "alice");
}, 240_000);
afterAll(() => own[Symbol.asyncDispose]());

/** As docs/installation.md tells people to. */
async function startWithRegistry(registryUrl: string): ReturnType<typeof startInstalledOperator> {
  await apply(plane, {
    ...{ apiVersion: "v1", kind: "ConfigMap" },
    metadata: { namespace: account.namespace, name: "cocoon-registry" },
    data: { OCI_REGISTRY: registryUrl },
  });
  return startInstalledOperator(plane, objects);
}

/** Developers may do everything in their namespace; whatever is refused to them, the webhook refuses. */
async function letDevelopersIn(): Promise<void> {
  const apiGroup = "rbac.authorization.k8s.io";
  const metadata = { name: "developers", namespace: ns };
  await apply(
    plane,
    {
      ...{ apiVersion: `${apiGroup}/v1`, kind: "Role", metadata },
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    },
    {
      ...{ apiVersion: `${apiGroup}/v1`, kind: "RoleBinding", metadata },
      roleRef: { apiGroup, kind: "Role", name: "developers" },
      subjects: [{ apiGroup, kind: "Group", name: "developers" }],
    },
  );
  await until(
    "alice is not let in",
    () => plane.kubectl(["-n", ns, "auth", "can-i", "create", "pods"], { as: "alice" }),
    ({ code }) => code === 0,
  );
}

const box = { name: "box", image: "ghcr.io/cocoonstack/box:1" };

/** A VM without a set, which is its CocoonHibernation's alone. Its pod is bound by hand, and so needs no toleration. */
async function sleepAndWakeWithoutSet(name: string): Promise<void> {
  const { pool } = platform;
  await place.pods.create(name, { pool, spec: { tolerations: [], nodeName: pool } });
  await place.createHibernation(name, name, "Hibernate");
  await place.untilPhase("CocoonHibernation", name, "Hibernated");
  await place.editHibernation(name, "Wake");
  await place.untilPhase("CocoonHibernation", name, "Active");
  await place.untilNoTag(name, "hibernate");
}

/** Runs the other one of the two replicas for a moment. */
async function waitForLease(): Promise<void> {
  await using other = await startInstalledOperator(plane, objects);
  await other.logged(({ msg }) => msg === "waiting for the lease");
}

describe("webhook and operator, installed together", () => {
  it("the operator makes the pods of a set, as its service account", async () => {
    const writes = await place.watchWrites();
    const made = ["demo-0", "demo-1", "demo-2", "demo-box"];
    await place.createSet("demo", { agent: { replicas: 2 }, toolboxes: [box] });
    await place.untilPhase("CocoonSet", "demo", "Running");
    const { stdout } = await alice.kubectl(["get", "pods", "-o", "jsonpath={.items[*].metadata.name}"]);
    expect(stdout.split(" ").sort()).toEqual(made);
    const creations = (await writes()).filter(({ verb, on }) => verb === "create" && on.startsWith("pods/"));
    expect(creations.map(({ on }) => on).sort()).toEqual(made.map((name) => `pods/${name}`));
    expect(await platform.operator.probe("readyz")).toMatchObject({ status: 200 });
  });

  it("a user's pods are refused, whatever owner they name", async () => {
    const uid = (await place.get("CocoonSet", "demo"))?.metadata?.uid ?? "";
    const forged = await alice.create("Pod", pod("demo-9", { ownerReferences: [cocoonOwner("demo", uid)] }));
    expect(forged.status).toBe(403);
    expect(messageOf(forged)).toContain('user "alice" may not create such pods');
    const stray = await alice.create("Pod", pod("stray"));
    expect(messageOf(stray)).toContain("no CocoonSet owns it");
  });

  it("who lowers a set is told which VM goes, and the operator lets it go", async () => {
    place.giveUp("demo-2");
    const patch = ["--type=merge", "-p", JSON.stringify({ spec: { agent: { replicas: 1 } } })];
    const { code, stderr } = await alice.kubectl(["patch", "cocoonset", "demo", ...patch]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("CocoonSet shop/demo: this update removes the Cocoon VM of pod demo-2"),
    ]);
    await place.pods.untilGone("demo-2");
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.losesNothing();
  });

  it("the operator has every right that it needs, and none that it does not use", async () => {
    await place.editSet("demo", { suspend: true });
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    await place.createHibernation("demo-1", "demo-1", "Hibernate");
    await place.untilPhase("CocoonHibernation", "demo-1", "Hibernated");
    await place.editHibernation("demo-1", "Wake");
    await place.untilPhase("CocoonHibernation", "demo-1", "Active");
    // So that an event happens again, which another process has sent: it is read, and counted up.
    await platform.restartOperator();
    await place.editHibernation("demo-1", "Hibernate");
    await place.untilPhase("CocoonHibernation", "demo-1", "Hibernated");
    await place.remove("CocoonHibernation", "demo-1");
    await place.untilGone("CocoonHibernation", "demo-1");
    await sleepAndWakeWithoutSet("bare");
    await waitForLease();
    const { stderr } = await alice.kubectl(["delete", "cocoonset", "demo", "--wait=false"]);
    expect(stderr).toContain("CocoonSet shop/demo: its deletion removes 3 Cocoon VMs");
    await place.untilGone("CocoonSet", "demo");
    await place.losesNothing();

    // A question that the API server asks itself, so that no log has it; the next test is about it.
    const unlogged = "update cocoonsets/finalizers.cocoonset.cocoonstack.io *";
    const grants = [...grantsOf(objects, account)];
    expect(grants.length).toBeGreaterThan(20);
    await until(
      "the rights that are not used are not those that no log has",
      async () => {
        const { exercised } = await activity.read();
        return grants.filter((grant) => !exercised(grant));
      },
      (unused) => unused.length === 1 && unused[0] === unlogged,
    );
    expect((await activity.read()).forbidden).toEqual([]);
  }, 180_000);

  it("pods hold up the deletion of their set, for which the operator needs a right of its own", async () => {
    await place.createSet("late");
    await place.untilPhase("CocoonSet", "late", "Running");
    const role = find(objects, "ClusterRole", account.name) as KubernetesObject & {
      readonly rules: readonly { readonly resources: readonly string[] }[];
    };
    const rules = role.rules.filter(({ resources }) => !resources.includes("cocoonsets/finalizers"));
    expect(rules).toHaveLength(role.rules.length - 1);
    await apply(plane, { ...role, rules });
    const question = ["update", "cocoonsets.cocoonset.cocoonstack.io", "--subresource=finalizers"];
    await until(
      "the operator has the right still",
      () => plane.kubectl(["auth", "can-i", ...question, "--all-namespaces", `--as=${user}`]),
      ({ code }) => code !== 0,
    );
    await place.editSet("late", { agent: { replicas: 1 } });
    const refused = await place.untilReason("CocoonSet", "late", "Degraded", "ActionFailed");
    expect(conditionOf(refused, "Degraded")?.message).toContain("cannot set blockOwnerDeletion");
    await apply(plane, role);
    await place.remove("CocoonSet", "late");
    await place.untilGone("CocoonSet", "late");
  });
});
