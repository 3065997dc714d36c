import path from "node:path";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  type Decision,
  decidePodChange,
  decideWorkloadUpdate,
  judgeHibernation,
  judgeScale,
} from "../../packages/webhook/src/policy/index.js";
import type { ApiResponse } from "../controlplane/index.js";
import {
  type Canary,
  installAdmissionPolicies,
  type Refusal,
  refusalOf,
  removeAdmissionPolicies,
  untilInEffect,
} from "../support/admission-policies.js";
import { admissionRequest, scaleRequest } from "../support/admission-request.js";
import { generatePodChanges, generateWorkloadChanges } from "../support/guarded-arbitrary.js";
import { numberFromEnv } from "../support/number-from-env.js";
import { namespace, pod } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { runExecutable } from "../support/webhook-process.js";

// The guard that needs no webhook, without a webhook: every refusal here is the API server's own. Then the policies and the
// webhook's rules judge the same random requests, and must say the same.

const plane = sharedControlPlane();
const ns = "policies-e2e";
const runs = numberFromEnv("COCOON_POLICY_RUNS", 150);
const seed = numberFromEnv("COCOON_POLICY_SEED", Date.now() % 2 ** 31);

type User = "admin" | "alice" | "operator" | "controllerManager";
const userNames: Readonly<Record<User, string>> = {
  admin: "admin",
  alice: "alice",
  operator: "system:serviceaccount:cocoon-system:cocoon-operator",
  controllerManager: "system:kube-controller-manager",
};
const userInfo = (user: User): AdmissionRequest["userInfo"] => ({
  username: userNames[user],
  uid: "",
  groups: [],
});

const tolerations = [{ key: "virtual-kubelet.io/provider", operator: "Exists" }];
const setOwner = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "1" };

const guarded = [
  { kind: "Deployment", resource: "deployments" },
  { kind: "StatefulSet", resource: "statefulsets" },
  { kind: "ReplicaSet", resource: "replicasets" },
  { kind: "ReplicationController", resource: "replicationcontrollers" },
] as const;
type Kind = (typeof guarded)[number]["kind"];

const resources: Readonly<Record<string, string>> = {
  Pod: "pods",
  CocoonHibernation: "cocoonhibernations",
  ...Object.fromEntries(guarded.map(({ kind, resource }) => [kind, resource])),
};
function pathOf(kind: string, name = "", inNamespace = ns): string {
  const core = kind === "Pod" || kind === "ReplicationController";
  const group = kind === "CocoonHibernation" ? "cocoonset.cocoonstack.io/v1" : "apps/v1";
  const root = core ? "/api/v1" : `/apis/${group}`;
  return `${root}/namespaces/${inNamespace}/${resources[kind] ?? kind}${name && `/${name}`}`;
}

/** A cocoon workload, or an ordinary one without tolerations. */
function workload(kind: Kind, name: string, spec: Record<string, unknown> = {}, cocoon = true): object {
  const labels = { app: name };
  return {
    apiVersion: kind === "ReplicationController" ? "v1" : "apps/v1",
    kind,
    metadata: { name },
    spec: {
      replicas: 3,
      selector: kind === "ReplicationController" ? labels : { matchLabels: labels },
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: "vm", image: "ubuntu:24.04" }],
          ...(cocoon ? { tolerations } : {}),
        },
      },
      ...spec,
    },
  };
}

const hibernation = (name: string, podName: string): object => ({
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonHibernation",
  metadata: { name },
  spec: { desire: "Hibernate", podRef: { name: podName } },
});

const patchTypeOf = (patch: unknown): string =>
  Array.isArray(patch) ? "application/json-patch+json" : "application/merge-patch+json";

/** A server-side dry run: admission is the same, and nothing is stored. */
const tryTo = (
  method: "POST" | "PUT" | "PATCH",
  url: string,
  body: unknown,
  as: User = "admin",
): Promise<ApiResponse> =>
  plane.request(method, `${url}?dryRun=All`, body, {
    as,
    ...(method === "PATCH" ? { contentType: patchTypeOf(body) } : {}),
  });
const tryCreate = (kind: string, object: object, as?: User): Promise<ApiResponse> =>
  tryTo("POST", pathOf(kind), object, as);
const tryPatch = (kind: string, name: string, patch: object, as?: User): Promise<ApiResponse> =>
  tryTo("PATCH", pathOf(kind, name), patch, as);
const tryScale = (kind: string, name: string, replicas: number, as?: User): Promise<ApiResponse> =>
  tryTo("PATCH", `${pathOf(kind, name)}/scale`, { spec: { replicas } }, as);
const withoutToleration = (spec: object = {}): object => ({
  spec: { ...spec, template: { spec: { tolerations: null } } },
});

async function store(kind: string, object: object): Promise<readonly never[]> {
  const { status, body } = await plane.request("POST", pathOf(kind), object);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return [];
}

const policyOf = (name: string): string => `${name}.policy.cocoonstack.io`;
const canaryName = "canary";
const podCanary: Canary = () => tryCreate("Pod", pod(canaryName));
const canaries: Readonly<Record<string, Canary>> = {
  [policyOf("pods")]: podCanary,
  [policyOf("cocoonhibernations")]: () => tryCreate("CocoonHibernation", hibernation("a", "b")),
  ...Object.fromEntries(
    guarded.flatMap(({ kind, resource }) => [
      [policyOf(resource), () => tryPatch(kind, canaryName, { spec: { replicas: 0 } })],
      [policyOf(`${resource}-scale`), () => tryScale(kind, canaryName, 0)],
    ]),
  ),
};

/** What the API server answers when this policy refuses with these words. */
const refusal = (policy: string, message: string): Refusal => ({ policy: policyOf(policy), message });
const scaleDown = (label: string, before: number, after: number): string =>
  `${label} cannot be scaled from ${before} to ${after} replicas: its pods are Cocoon VMs, and a removed VM loses its state; ` +
  "to suspend a VM and keep its state, create a CocoonHibernation that names its pod";

let printed = "";
const podChanges = generatePodChanges(runs, seed);

beforeAll(async () => {
  const crds = path.resolve(import.meta.dirname, "../../config/crd");
  await must(plane.kubectl(["apply", "--server-side", "--force-conflicts", "-k", crds]));
  const crd = "crd/cocoonhibernations.cocoonset.cocoonstack.io";
  await must(plane.kubectl(["wait", "--for=condition=Established", crd]));
  await apply(plane, namespace(ns), {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "all", namespace: ns },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: Object.values(userNames).map((name) => ({
      apiGroup: "rbac.authorization.k8s.io",
      kind: "User",
      name,
    })),
  });
  // Stray pods can be stored only while nobody guards.
  await forAll(podChanges, ({ before }) => store("Pod", before));
  for (const { kind } of guarded) await store(kind, workload(kind, canaryName));
  printed = await installAdmissionPolicies(plane);
  await untilInEffect(canaries);
});
afterAll(async () => {
  await removeAdmissionPolicies(plane);
  await plane.kubectl(["delete", "namespace", ns, "--wait=false"]);
});

describe("the admission policies", () => {
  it("have a canary each, so that the tests below wait for all of them", () => {
    const names = parseAllDocuments(printed)
      .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
      .filter(({ kind }) => kind === "ValidatingAdmissionPolicy")
      .map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual(Object.keys(canaries).sort());
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
      .poll(
        async () =>
          (await read()).every(({ metadata, status }) => status?.observedGeneration === metadata.generation),
        { timeout: 30_000 },
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
    const answer = await tryCreate("Pod", pod("stray"), "alice");
    expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden", code: 403 } });
    expect(refusalOf(answer)).toEqual(refusal("pods", `pod ${ns}/stray ${words}`));
    const { code, stderr } = await plane.kubectl(["-n", ns, "create", "-f", "-"], {
      stdin: JSON.stringify(pod("stray")),
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`pod ${ns}/stray ${words}`)]);
  });

  it("is refused where its name is generated, with that name", async () => {
    const nameless = { ...pod(""), metadata: { generateName: "web-" } };
    expect(refusalOf(await tryCreate("Pod", nameless))?.message).toMatch(
      new RegExp(`^pod ${ns}/web-[a-z0-9]+ tolerates`),
    );
  });

  it("is refused when it becomes one by an update", async () => {
    await store("Pod", pod("plain", { tolerations: [] }));
    const answer = await tryPatch("Pod", "plain", { spec: { tolerations } });
    expect(refusalOf(answer)).toEqual(
      refusal(
        "pods",
        `pod ${ns}/plain gains the toleration virtual-kubelet.io/provider by this update, which marks it as a Cocoon VM, and no ` +
          "CocoonSet owns it: leave the toleration out; for a VM, create a CocoonSet and let the operator make its pods",
      ),
    );
  });

  it("is left alone in kube-system", async () => {
    const url = pathOf("Pod", "", "kube-system");
    expect(await tryTo("POST", url, pod("stray"))).toMatchObject({ status: 201 });
  });
});

describe.each(guarded)("a cocoon $kind", ({ kind, resource }) => {
  const name = "agents";
  const label = `${kind} ${ns}/${name}`;

  beforeAll(async () => {
    await store(kind, workload(kind, name));
    // The policies for /scale compare with what the API server has in its cache, which follows in a moment.
    await untilInEffect({ [policyOf(`${resource}-scale`)]: () => tryScale(kind, name, 2) });
  });

  it("is not scaled down by an update", async () => {
    expect(refusalOf(await tryPatch(kind, name, { spec: { replicas: 1 } }))).toEqual(
      refusal(resource, scaleDown(label, 3, 1)),
    );
  });

  it("is not scaled down by an update to null, which means one", async () => {
    expect(refusalOf(await tryPatch(kind, name, { spec: { replicas: null } }))).toEqual(
      refusal(resource, scaleDown(label, 3, 1)),
    );
  });

  it("is not scaled down by /scale, nor to nothing, nor by kubectl", async () => {
    expect(refusalOf(await tryScale(kind, name, 2))).toEqual(
      refusal(`${resource}-scale`, scaleDown(label, 3, 2)),
    );
    expect(refusalOf(await tryScale(kind, name, 0))?.message).toBe(scaleDown(label, 3, 0));
    const { stderr } = await plane.kubectl(["-n", ns, "scale", `${resource}/${name}`, "--replicas=1"]);
    expect(stderr).toContain(scaleDown(label, 3, 1));
  });

  it("may be scaled up, labelled and deleted", async () => {
    expect(await tryPatch(kind, name, { spec: { replicas: 5 } })).toMatchObject({ status: 200 });
    expect(await tryScale(kind, name, 4)).toMatchObject({ status: 200 });
    expect(await tryPatch(kind, name, { metadata: { labels: { a: "b" } } })).toMatchObject({ status: 200 });
    const url = `${pathOf(kind, name)}?dryRun=All`;
    expect(await plane.request("DELETE", url)).toMatchObject({ status: 200 });
  });
});

describe.each(guarded)("an ordinary $kind beside cocoon ones", ({ kind }) => {
  it("goes up and down, by update and by /scale", async () => {
    await store(kind, workload(kind, "web", {}, false));
    expect(await tryPatch(kind, "web", { spec: { replicas: 0 } })).toMatchObject({ status: 200 });
    expect(await tryScale(kind, "web", 0)).toMatchObject({ status: 200 });
    expect(await tryScale(kind, "web", 9)).toMatchObject({ status: 200 });
  });
});

describe("a StatefulSet's ordinals", () => {
  it("do not move off a VM", async () => {
    await store("StatefulSet", workload("StatefulSet", "moving"));
    expect(refusalOf(await tryPatch("StatefulSet", "moving", { spec: { ordinals: { start: 1 } } }))).toEqual(
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

  it.each<[Kind, string, Record<string, unknown>, string, string]>([
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
    await store(kind, workload(kind, name, spec));
    expect(refusalOf(await tryPatch(kind, name, withoutToleration()))).toEqual(
      refusal(
        policy,
        `${kind} ${ns}/${name} cannot lose the toleration virtual-kubelet.io/provider while it has 3 replicas: ${because}, so its ` +
          `Cocoon VMs would run on without protection; ${wayOut}`,
      ),
    );
  });

  it("goes where the update replaces the pods, and where there are none", async () => {
    const update = { spec: { paused: false, template: { spec: { tolerations: null } } } };
    await store("Deployment", workload("Deployment", "rolled", { paused: true }));
    expect(await tryPatch("Deployment", "rolled", update)).toMatchObject({ status: 200 });
    await store("ReplicaSet", workload("ReplicaSet", "empty", { replicas: 0 }));
    expect(await tryPatch("ReplicaSet", "empty", withoutToleration())).toMatchObject({ status: 200 });
  });
});

describe("the Deployment controller", () => {
  it("lowers the ReplicaSets of a cocoon Deployment that rolls out, which nobody else may", async () => {
    await store("Deployment", workload("Deployment", "rollout", { strategy: { type: "Recreate" } }));
    const replicaSets = async (): Promise<readonly { name: string; replicas: number }[]> => {
      const { body } = await plane.request("GET", `${pathOf("ReplicaSet")}?labelSelector=app%3Drollout`);
      return (body as { items: { metadata: { name: string }; spec: { replicas: number } }[] }).items.map(
        ({ metadata, spec }) => ({ name: metadata.name, replicas: spec.replicas }),
      );
    };
    await expect.poll(replicaSets, { timeout: 30_000 }).toMatchObject([{ replicas: 3 }]);
    const [old] = await replicaSets();
    const name = old?.name ?? "";
    expect(refusalOf(await tryPatch("ReplicaSet", name, { spec: { replicas: 2 } }))).toEqual(
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
    await expect
      .poll(async () => (await replicaSets()).find((set) => set.name === name)?.replicas, {
        timeout: 30_000,
      })
      .toBe(0);
  });
});

describe("a CocoonHibernation", () => {
  it("bears the name of its pod", async () => {
    expect(await tryCreate("CocoonHibernation", hibernation("demo-0", "demo-0"))).toMatchObject({
      status: 201,
    });
    const object = hibernation("evening", "demo-0");
    const answer = await tryCreate("CocoonHibernation", object);
    const verdict = judgeHibernation(admissionRequest("CocoonHibernation", { name: "evening", object }));
    const decision = verdict.needs === "nothing" ? verdict.decision : undefined;
    expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden" } });
    expect(refusalOf(answer)).toEqual(
      refusal(
        "cocoonhibernations",
        'CocoonHibernation "evening" is invalid: spec.podRef.name: names pod "demo-0", while this CocoonHibernation is called ' +
          '"evening": a CocoonHibernation bears the name of its pod, so that there is only one for each; set metadata.name to ' +
          '"demo-0"',
      ),
    );
    expect(decision).toMatchObject({ message: refusalOf(answer)?.message });
  });
});

/** What the webhook would say, as far as people see it. */
const messageOf = (decision: Decision): string | undefined =>
  "message" in decision ? decision.message : undefined;

/** One request, judged by the API server and by the webhook's rules. */
interface Judged {
  readonly what: string;
  readonly webhook: Decision;
  readonly answer: ApiResponse;
}

/** Eight at a time; the results in the order of the items. */
async function forAll<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const results: (readonly R[])[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results.flat();
}

/** Both say the same of everything, in the same words; whatever else the API server refuses is no answer. */
function expectAgreement(judged: readonly Judged[]): void {
  const different = judged.filter(({ webhook, answer }) => {
    const allowed = answer.status === 200 || answer.status === 201;
    return allowed
      ? messageOf(webhook) !== undefined
      : refusalOf(answer)?.message !== messageOf(webhook) || messageOf(webhook) === undefined;
  });
  const told = different.slice(0, 3).map((one) => JSON.stringify({ seed, ...one }, undefined, 1));
  expect(told.join("\n").slice(0, 8000), `${different.length} of ${judged.length} differ`).toBe("");
}

const reasonsOf = (judged: readonly Judged[]): readonly string[] =>
  [...new Set(judged.map(({ webhook }) => webhook.reason))].sort();

const podUsers: readonly User[] = ["admin", "alice", "operator"];
const userAt = (users: readonly User[], index: number): User => users[index % users.length] ?? "admin";

/** Each pod as a new one, and as an update of the stored one. */
function judgePods(podCreators: ReadonlySet<string> | undefined): Promise<readonly Judged[]> {
  return forAll(podChanges, async ({ name, before, after, patch }, index) => {
    const user = userAt(podUsers, index);
    const created = {
      ...after,
      metadata: { ...(after as { metadata: object }).metadata, name: `n-${name}` },
    };
    const decide = (overrides: Partial<AdmissionRequest>): Decision =>
      decidePodChange(admissionRequest("Pod", { namespace: ns, userInfo: userInfo(user), ...overrides }), {
        podCreators,
      });
    return [
      {
        what: `${user} creates ${JSON.stringify(created)}`,
        webhook: decide({ operation: "CREATE", name: `n-${name}`, object: created }),
        answer: await tryCreate("Pod", created, user),
      },
      {
        what: `${user} changes ${JSON.stringify({ before, after })}`,
        webhook: decide({ operation: "UPDATE", name, object: after, oldObject: before }),
        answer: await tryTo("PATCH", pathOf("Pod", name), patch, user),
      },
    ];
  });
}

describe(`the policies and the webhook's rules on random requests, COCOON_POLICY_SEED=${seed}`, () => {
  it("agree on pods, new and changed", { timeout: 60_000 + runs * 500 }, async () => {
    const judged = await judgePods(undefined);
    expectAgreement(judged);
    expect(reasonsOf(judged)).toEqual(["cocoon-already", "not-cocoon", "owned", "stray-pod"]);
  });

  describe("about workloads", () => {
    const changes = generateWorkloadChanges(runs, seed);
    const users: readonly User[] = ["admin", "alice", "controllerManager"];

    beforeAll(async () => {
      await forAll(changes, ({ kind, before }) => store(kind, before));
      // Caches follow in order: the policies for /scale know all workloads when they know the last one.
      for (const { kind } of guarded) await store(kind, workload(kind, "last"));
      await untilInEffect(
        Object.fromEntries(
          guarded.map(({ kind, resource }) => [
            policyOf(`${resource}-scale`),
            () => tryScale(kind, "last", 0),
          ]),
        ),
      );
    });
    afterAll(async () => {
      // Those with an invented owner, which the garbage collector would have taken away.
      const patch = JSON.stringify({ metadata: { finalizers: null, ownerReferences: null } });
      for (const { kind, name } of changes.filter(
        ({ before }) => "finalizers" in (before as { metadata: object }).metadata,
      )) {
        await plane.kubectl(["-n", ns, "patch", kind, name, "--type=merge", "-p", patch]);
      }
    });

    it("agree on updates", { timeout: 60_000 + runs * 500 }, async () => {
      const judged = await forAll(changes, async ({ kind, name, before, after }, index) => {
        const user = userAt(users, index);
        const request = { namespace: ns, name, operation: "UPDATE", userInfo: userInfo(user) } as const;
        return [
          {
            what: `${user}: ${JSON.stringify({ before, after })}`,
            webhook: decideWorkloadUpdate(
              admissionRequest(kind, { ...request, object: after, oldObject: before }),
            ),
            answer: await tryTo("PUT", pathOf(kind, name), after, user),
          },
        ];
      });
      expectAgreement(judged);
      const rare = ["deployment-controller", "ordinals-removed"];
      expect(reasonsOf(judged).filter((reason) => !rare.includes(reason))).toEqual([
        "no-scale-down",
        "not-cocoon",
        "scale-down",
        "toleration-removed",
      ]);
    });

    it("agree on /scale, up and down", { timeout: 60_000 + runs * 500 }, async () => {
      const judged = await forAll(changes, async ({ kind, name, before }, index) => {
        const user = userAt(users, index);
        const { replicas = 1 } = (before as { spec: { replicas?: number } }).spec;
        const wanted = index % 5;
        const request = scaleRequest(resources[kind] ?? "", replicas, wanted, { namespace: ns, name });
        const group = kind === "ReplicationController" ? "" : "apps";
        const verdict = judgeScale({ ...request, resource: { ...request.resource, group } });
        return [
          {
            what: `${user} to ${wanted}: ${JSON.stringify(before)}`,
            webhook:
              verdict.needs === "nothing"
                ? verdict.decision
                : verdict.decide({ result: "found", workload: before }),
            answer: await tryScale(kind, name, wanted, user),
          },
        ];
      });
      expectAgreement(judged);
      expect(reasonsOf(judged)).toEqual(["no-scale-down", "not-cocoon", "scale-down"]);
    });
  });
});

describe("beside a webhook that cannot be asked", () => {
  beforeAll(async () => {
    await store("Deployment", workload("Deployment", "guarded"));
    await store("Deployment", workload("Deployment", "free", {}, false));
    await untilInEffect({ [policyOf("deployments-scale")]: () => tryScale("Deployment", "guarded", 0) });
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
    const answer = await tryScale("Deployment", name, 1);
    if (answer.status === 200) return "goes through";
    return refusalOf(answer)?.policy ?? "waits for the webhook";
  };

  it("scale-downs of VMs are refused by the policy, and others wait for the webhook, or with Ignore go through", async () => {
    await registerNobody();
    await expect.poll(() => scaleOf("free"), { timeout: 30_000 }).toBe("waits for the webhook");
    expect(await scaleOf("guarded")).toBe(policyOf("deployments-scale"));

    await registerNobody("--scale-failure-policy", "Ignore");
    await expect.poll(() => scaleOf("free"), { timeout: 30_000 }).toBe("goes through");
    expect(await scaleOf("guarded")).toBe(policyOf("deployments-scale"));
  });
});

describe("with --pod-creators", () => {
  const owned = (name: string): object => pod(name, { ownerReferences: [setOwner] });

  beforeAll(async () => {
    expect(refusalOf(await tryCreate("Pod", owned("a"), "alice"))).toBeUndefined();
    await installAdmissionPolicies(plane, "--pod-creators", `${userNames.operator}, admin`);
    await untilInEffect({ [policyOf("pods")]: () => tryCreate("Pod", owned("a"), "alice") });
  });

  it("a forged owner reference helps nobody: only those who are named make cocoon pods", async () => {
    expect(refusalOf(await tryCreate("Pod", owned("forged"), "alice"))).toEqual(
      refusal(
        "pods",
        `pod ${ns}/forged tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and user "alice" may not create such ` +
          "pods: create a CocoonSet and let the operator make its pods, or have the user added to the webhook's POD_CREATORS",
      ),
    );
    expect(await tryCreate("Pod", owned("real"), "operator")).toMatchObject({ status: 201 });
  });

  it("the policy still agrees with the webhook's rules", { timeout: 60_000 + runs * 500 }, async () => {
    const judged = await judgePods(new Set([userNames.operator, "admin"]));
    expectAgreement(judged);
    expect(reasonsOf(judged)).toContain("untrusted-creator");
  });
});
