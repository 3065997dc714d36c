import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  installAdmissionPolicies,
  type Refusal,
  refusalOf,
  untilInEffect,
} from "../support/admission-policies.js";
import {
  type GuardedKind,
  guarded,
  guardedWorkload,
  hibernation,
  pathOf,
} from "../support/guarded-objects.js";
import { pod } from "../support/objects.js";
import { PolicyBench, policyOf, userNames } from "../support/policy-bench.js";
import { must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { runExecutable } from "../support/webhook-process.js";

// The guard that needs no webhook, without a webhook: every refusal here is the API server's own.

const plane = sharedControlPlane();
const ns = "policies-e2e";
const bench = new PolicyBench(plane, ns);

const tolerations = [{ key: "virtual-kubelet.io/provider", operator: "Exists" }];
const setOwner = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "1" };
const withoutToleration = (spec: object = {}): object => ({
  spec: { ...spec, template: { spec: { tolerations: null } } },
});

const refusal = (policy: string, message: string): Refusal => ({ policy: policyOf(policy), message });
const scaleDown = (label: string, before: number, after: number): string =>
  `${label} cannot be scaled from ${before} to ${after} replicas: its pods are Cocoon VMs, and a removed VM loses its state; ` +
  "to suspend a VM and keep its state, create a CocoonHibernation that names its pod";

let printed = "";

beforeAll(async () => {
  printed = await bench.open();
});
afterAll(() => bench.close());

describe("the admission policies", () => {
  it("have a canary each, so that the tests below wait for all of them", () => {
    const names = parseAllDocuments(printed)
      .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
      .filter(({ kind }) => kind === "ValidatingAdmissionPolicy")
      .map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual(Object.keys(bench.canaries).sort());
  });

  it("are those of config/admission-policy", async () => {
    const folder = path.resolve(import.meta.dirname, "../../config/admission-policy");
    const { stdout } = await plane.kubectl(["diff", "-k", folder]);
    expect(stdout).toBe("");
  });

  it("can be installed without those for /scale", async () => {
    const folder = path.resolve(import.meta.dirname, "../../config/admission-policy");
    const stdin = await must(plane.kubectl(["kustomize", folder]));
    const label = "-l=cocoonstack.io/guards=main-resources";
    const applied = await must(
      plane.kubectl(["apply", "--dry-run=server", "-f", "-", label, "-o", "name"], { stdin }),
    );
    expect(applied.trim().split("\n")).toHaveLength(12);
    expect(applied).not.toContain("-scale.");
  });

  it("hold no expression that the API server's type checker warns of", async () => {
    interface Checked {
      readonly metadata: { readonly name: string; readonly generation: number };
      readonly status?: {
        readonly observedGeneration?: number;
        readonly typeChecking?: { readonly expressionWarnings?: readonly unknown[] };
      };
    }
    const read = async (): Promise<readonly Checked[]> => {
      const label = "-l=app.kubernetes.io/part-of=cocoon-webhook";
      const json = await must(plane.kubectl(["get", "validatingadmissionpolicies", label, "-o", "json"]));
      return (JSON.parse(json) as { items: readonly Checked[] }).items;
    };
    await expect
      .poll(async () =>
        (await read()).every(({ metadata, status }) => status?.observedGeneration === metadata.generation),
      )
      .toBe(true);
    const warnings = (await read()).map(({ metadata, status }) => [
      metadata.name,
      status?.typeChecking?.expressionWarnings ?? [],
    ]);
    expect(warnings).toEqual(warnings.map(([name]) => [name, []]));
  });
});

describe("a stray cocoon pod", () => {
  const words =
    "tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and no CocoonSet owns it: " +
    "create a CocoonSet and let the operator make its pods, or remove the toleration";

  it("is refused with 403 and the webhook's words, which kubectl prints", async () => {
    const answer = await bench.create("Pod", pod("stray"), "alice");
    expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden", code: 403 } });
    expect(refusalOf(answer)).toEqual(refusal("pods", `pod ${ns}/stray ${words}`));
    const { code, stderr } = await plane.kubectl(["-n", ns, "create", "-f", "-"], {
      stdin: JSON.stringify(pod("stray")),
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`pod ${ns}/stray ${words}`)]);
  });

  it("is refused where its name is generated, with that name", async () => {
    const nameless = { ...pod(""), metadata: { generateName: "web-" } };
    expect(refusalOf(await bench.create("Pod", nameless))?.message).toMatch(
      new RegExp(`^pod ${ns}/web-[a-z0-9]+ tolerates`),
    );
  });

  it("is refused when it becomes one by an update", async () => {
    await bench.store("Pod", pod("plain", { tolerations: [] }));
    const answer = await bench.patch("Pod", "plain", { spec: { tolerations } });
    expect(refusalOf(answer)).toEqual(
      refusal(
        "pods",
        `pod ${ns}/plain gains the toleration virtual-kubelet.io/provider by this update, which marks it as a Cocoon VM, and no ` +
          "CocoonSet owns it: leave the toleration out; for a VM, create a CocoonSet and let the operator make its pods",
      ),
    );
  });

  it("is left alone in kube-system", async () => {
    const url = pathOf("kube-system", "Pod");
    expect(await bench.try("POST", url, pod("stray"))).toMatchObject({ status: 201 });
  });
});

describe.each(guarded)("a cocoon $kind", ({ kind, resource }) => {
  const name = "agents";
  const label = `${kind} ${ns}/${name}`;

  beforeAll(async () => {
    await bench.store(kind, guardedWorkload(kind, name));
    // The policies for /scale compare with what the API server has in its cache, which follows in a moment.
    await untilInEffect({ [policyOf(`${resource}-scale`)]: () => bench.scale(kind, name, 2) });
  });

  it("is not scaled down by an update", async () => {
    expect(refusalOf(await bench.patch(kind, name, { spec: { replicas: 1 } }))).toEqual(
      refusal(resource, scaleDown(label, 3, 1)),
    );
  });

  it("is not scaled down by an update to null, which means one", async () => {
    expect(refusalOf(await bench.patch(kind, name, { spec: { replicas: null } }))).toEqual(
      refusal(resource, scaleDown(label, 3, 1)),
    );
  });

  it("is not scaled down by /scale, nor to nothing, nor by kubectl", async () => {
    expect(refusalOf(await bench.scale(kind, name, 2))).toEqual(
      refusal(`${resource}-scale`, scaleDown(label, 3, 2)),
    );
    expect(refusalOf(await bench.scale(kind, name, 0))?.message).toBe(scaleDown(label, 3, 0));
    const { stderr } = await plane.kubectl(["-n", ns, "scale", `${resource}/${name}`, "--replicas=1"]);
    expect(stderr).toContain(scaleDown(label, 3, 1));
  });

  it("may be scaled up, labelled and deleted", async () => {
    expect(await bench.patch(kind, name, { spec: { replicas: 5 } })).toMatchObject({ status: 200 });
    expect(await bench.scale(kind, name, 4)).toMatchObject({ status: 200 });
    expect(await bench.patch(kind, name, { metadata: { labels: { a: "b" } } })).toMatchObject({
      status: 200,
    });
    const url = `${pathOf(ns, kind, name)}?dryRun=All`;
    expect(await plane.request("DELETE", url)).toMatchObject({ status: 200 });
  });
});

describe.each(guarded)("an ordinary $kind beside cocoon ones", ({ kind }) => {
  it("goes up and down, by update and by /scale", async () => {
    await bench.store(kind, guardedWorkload(kind, "web", {}, false));
    expect(await bench.patch(kind, "web", { spec: { replicas: 0 } })).toMatchObject({ status: 200 });
    expect(await bench.scale(kind, "web", 0)).toMatchObject({ status: 200 });
    expect(await bench.scale(kind, "web", 9)).toMatchObject({ status: 200 });
  });
});

describe("a StatefulSet's ordinals", () => {
  it("do not move off a VM", async () => {
    await bench.store("StatefulSet", guardedWorkload("StatefulSet", "moving"));
    expect(
      refusalOf(await bench.patch("StatefulSet", "moving", { spec: { ordinals: { start: 1 } } })),
    ).toEqual(
      refusal(
        "statefulsets",
        `StatefulSet ${ns}/moving cannot move its ordinals from 0..2 to 1..3 (spec.ordinals.start): that removes pods, its pods ` +
          "are Cocoon VMs, and a removed VM loses its state; to suspend a VM and keep its state, create a CocoonHibernation that " +
          "names its pod",
      ),
    );
  });
});

describe("the toleration of running VMs", () => {
  const rollAll =
    "set spec.updateStrategy to RollingUpdate without a partition in the same update, which replaces the VMs";
  const keep = "keep the toleration here, and create another workload for ordinary pods";

  it.each<[GuardedKind, string, Record<string, unknown>, string, string]>([
    [
      "Deployment",
      "deployments",
      { paused: true },
      "it is paused",
      "set spec.paused to false in the same update, which replaces the VMs",
    ],
    [
      "StatefulSet",
      "statefulsets",
      { updateStrategy: { type: "OnDelete" } },
      "its update strategy OnDelete leaves running pods alone",
      rollAll,
    ],
    [
      "StatefulSet",
      "statefulsets",
      { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
      "its partition leaves the pods below ordinal 2 alone",
      rollAll,
    ],
    ["ReplicaSet", "replicasets", {}, "a ReplicaSet never replaces its running pods", keep],
    [
      "ReplicationController",
      "replicationcontrollers",
      {},
      "a ReplicationController never replaces its running pods",
      keep,
    ],
  ])("stays on a %s (%s with %j)", async (kind, policy, spec, because, wayOut) => {
    const name = `stranded-${Object.keys(spec).length}-${because.length}`;
    await bench.store(kind, guardedWorkload(kind, name, spec));
    expect(refusalOf(await bench.patch(kind, name, withoutToleration()))).toEqual(
      refusal(
        policy,
        `${kind} ${ns}/${name} cannot lose the toleration virtual-kubelet.io/provider while spec.replicas is 3: ${because}, so its ` +
          `Cocoon VMs would run on without protection; ${wayOut}`,
      ),
    );
  });

  it("goes where the update replaces the pods, and where there are none", async () => {
    const update = { spec: { paused: false, template: { spec: { tolerations: null } } } };
    await bench.store("Deployment", guardedWorkload("Deployment", "rolled", { paused: true }));
    expect(await bench.patch("Deployment", "rolled", update)).toMatchObject({ status: 200 });
    await bench.store("ReplicaSet", guardedWorkload("ReplicaSet", "empty", { replicas: 0 }));
    expect(await bench.patch("ReplicaSet", "empty", withoutToleration())).toMatchObject({ status: 200 });
  });
});

describe("the Deployment controller", () => {
  it("lowers the ReplicaSets of a cocoon Deployment that rolls out, which nobody else may", async () => {
    await bench.store(
      "Deployment",
      guardedWorkload("Deployment", "rollout", { strategy: { type: "Recreate" } }),
    );
    const replicaSets = async (): Promise<readonly { name: string; replicas: number }[]> => {
      const { body } = await plane.request("GET", `${pathOf(ns, "ReplicaSet")}?labelSelector=app%3Drollout`);
      return (body as { items: { metadata: { name: string }; spec: { replicas: number } }[] }).items.map(
        ({ metadata, spec }) => ({ name: metadata.name, replicas: spec.replicas }),
      );
    };
    await expect.poll(replicaSets).toMatchObject([{ replicas: 3 }]);
    const [old] = await replicaSets();
    const name = old?.name ?? "";
    expect(refusalOf(await bench.patch("ReplicaSet", name, { spec: { replicas: 2 } }))).toEqual(
      refusal("replicasets", scaleDown(`ReplicaSet ${ns}/${name}`, 3, 2)),
    );

    const annotations = { rolled: "out" };
    const rollOut = { spec: { template: { metadata: { annotations } } } };
    await must(
      plane.kubectl([
        ...["-n", ns, "patch", "deployment", "rollout", "--type=merge"],
        ...["-p", JSON.stringify(rollOut)],
      ]),
    );
    await expect.poll(async () => (await replicaSets()).find((set) => set.name === name)?.replicas).toBe(0);
  });
});

describe("a CocoonHibernation", () => {
  it("bears the name of its pod", async () => {
    expect(await bench.create("CocoonHibernation", hibernation("demo-0", "demo-0"))).toMatchObject({
      status: 201,
    });
    const object = hibernation("evening", "demo-0");
    const answer = await bench.create("CocoonHibernation", object);
    expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden" } });
    expect(refusalOf(answer)).toEqual(
      refusal(
        "cocoonhibernations",
        'CocoonHibernation "evening" is invalid: spec.podRef.name: names pod "demo-0", while this CocoonHibernation is called ' +
          '"evening": a CocoonHibernation bears the name of its pod, so that there is only one for each; set metadata.name to ' +
          '"demo-0"',
      ),
    );
  });
});

describe("beside a webhook that cannot be asked", () => {
  beforeAll(async () => {
    await bench.store("Deployment", guardedWorkload("Deployment", "guarded"));
    await bench.store("Deployment", guardedWorkload("Deployment", "free", {}, false));
    await untilInEffect({ [policyOf("deployments-scale")]: () => bench.scale("Deployment", "guarded", 0) });
  });
  afterAll(async () => {
    const configurations = "mutatingwebhookconfiguration,validatingwebhookconfiguration";
    await must(plane.kubectl(["delete", configurations, "cocoon-webhook"]));
  });

  /** Registers a webhook where nobody listens, and waits until the API server asks it. */
  async function registerNobody(...options: readonly string[]): Promise<void> {
    const args = ["manifests", "--url", "https://127.0.0.1:1", ...options];
    await must(plane.kubectl(["apply", "-f", "-"], { stdin: (await runExecutable(args)).stdout }));
  }
  const scaleOf = async (name: string): Promise<string> => {
    const answer = await bench.scale("Deployment", name, 1);
    if (answer.status === 200) return "goes through";
    return refusalOf(answer)?.policy ?? "waits for the webhook";
  };

  it("scale-downs of VMs are refused by the policy, and others wait for the webhook, or with Ignore go through", async () => {
    await registerNobody();
    await expect.poll(() => scaleOf("free")).toBe("waits for the webhook");
    expect(await scaleOf("guarded")).toBe(policyOf("deployments-scale"));

    await registerNobody("--scale-failure-policy", "Ignore");
    await expect.poll(() => scaleOf("free")).toBe("goes through");
    expect(await scaleOf("guarded")).toBe(policyOf("deployments-scale"));
  });
});

describe("with --pod-creators", () => {
  const owned = (name: string): object => pod(name, { ownerReferences: [setOwner] });

  beforeAll(async () => {
    expect(refusalOf(await bench.create("Pod", owned("a"), "alice"))).toBeUndefined();
    await installAdmissionPolicies(plane, "--pod-creators", `${userNames.operator}, admin`);
    await untilInEffect({ [policyOf("pods")]: () => bench.create("Pod", owned("a"), "alice") });
  });

  it("a forged owner reference helps nobody: only those who are named make cocoon pods", async () => {
    expect(refusalOf(await bench.create("Pod", owned("forged"), "alice"))).toEqual(
      refusal(
        "pods",
        `pod ${ns}/forged tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and user "alice" may not create such ` +
          "pods: create a CocoonSet and let the operator make its pods, or have the user added to the webhook's POD_CREATORS",
      ),
    );
    expect(await bench.create("Pod", owned("real"), "operator")).toMatchObject({ status: 201 });
  });
});
