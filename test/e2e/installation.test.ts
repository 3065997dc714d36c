import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type ControlPlane, ensureAssets, identities, startControlPlane } from "../controlplane/index.js";
import { type ActivityLog, watchActivity } from "../support/audit-log.js";
import { untilEstablished } from "../support/established.js";
import { grantsOf } from "../support/grants.js";
import { type InstalledWebhook, installWebhook } from "../support/installed-webhook.js";
import { pod, workload } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { type KubernetesObject, render } from "../support/rendered.js";

const account = { namespace: "cocoon-system", name: "cocoon-webhook" };
const { user } = identities.webhook;
const operator = identities.operator.user;
const owned = pod("owned", {
  ownerReferences: [{ apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "s", uid: "1" }],
});
const hibernation = {
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonHibernation",
  metadata: { name: "vm-0" },
  spec: { podRef: { name: "vm-0" }, desire: "Hibernate" },
};

const kinds = ["ReplicaSet", "ReplicationController", "Deployment", "StatefulSet"] as const;

/** A control plane of its own: what the service account does there is what the webhook does here. */
let plane: ControlPlane;
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(result.reason);
  plane = await startControlPlane({ assets: result.assets });
  const repository = path.resolve(import.meta.dirname, "../..");
  const crds = ["-f", path.join(repository, "test/data/cert-manager-crds.yaml")];
  await must(plane.kubectl(["apply", ...crds]));
  await must(plane.kubectl(["apply", "-k", path.join(repository, "config/crd")]));
  await untilEstablished(plane);
  await apply(plane, ...kinds.map(workloadOf));
  return () => plane.stop();
});

describe.each([
  ["config/default", ""],
  ["config/self-managed", "secret/cocoon-webhook-tls\n"],
])("%s, installed", (folder, secrets) => {
  let objects: readonly KubernetesObject[];
  let installed: InstalledWebhook;
  let activity: ActivityLog;
  beforeAll(async () => {
    ({ objects } = await render(plane, folder));
    activity = await watchActivity(plane, user);
    installed = await installWebhook(plane, objects);
    return () => installed[Symbol.asyncDispose]();
  });

  const create = (object: object, ...flags: readonly string[]): ReturnType<typeof plane.kubectl> =>
    plane.kubectl(["create", "--dry-run=server", ...flags, "-f", "-"], { stdin: JSON.stringify(object) });

  it("refuses a stray pod, through the Service", async () => {
    expect((await create(pod("stray"))).stderr).toContain(
      "pod default/stray tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM",
    );
  });

  it("lets the operator create pods, and nobody else", async () => {
    const as = [`--as=${operator}`, "--as-group=system:masters"];
    expect(await create(owned, ...as)).toMatchObject({ code: 0 });
    expect((await create(owned)).stderr).toContain('user "admin" may not create such pods');
  });

  it("is ready", async () => {
    const call = { method: "GET", headers: {} };
    expect(await installed.webhook.call("/readyz", call)).toMatchObject({ status: 200 });
  });

  it("has every right that it needs, and none that it does not use", async () => {
    for (const kind of kinds) {
      const { stderr } = await plane.kubectl(["scale", kind, "vms", "--replicas=0", "--dry-run=server"]);
      expect(stderr).toContain(`${kind} default/vms`);
    }
    expect(await create(hibernation)).toMatchObject({ code: 0, stderr: "" });

    const { forbidden, exercised } = await activity.read();
    expect(forbidden).toEqual([]);
    const grants = [...grantsOf(objects, account)];
    expect(grants.length).toBeGreaterThan(4);
    expect(grants.filter((grant) => !exercised(grant))).toEqual([]);
  });

  it("keeps no other Secret than the one that it may write", async () => {
    const { stdout } = await plane.kubectl(["-n", account.namespace, "get", "secrets", "-o", "name"]);
    expect(stdout).toBe(secrets);
  });
});

/** A workload of one VM. */
function workloadOf(kind: (typeof kinds)[number]): object {
  if (kind === "Deployment" || kind === "StatefulSet") return workload(kind, "vms", 1);
  const { spec, ...rest } = workload("Deployment", "vms", 1) as {
    readonly spec: { readonly selector: { readonly matchLabels: object }; readonly template: object };
  };
  return kind === "ReplicaSet"
    ? { ...rest, spec, kind }
    : { ...rest, spec: { ...spec, selector: spec.selector.matchLabels }, kind, apiVersion: "v1" };
}
