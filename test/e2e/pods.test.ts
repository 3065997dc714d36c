import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { list, namespace, pod } from "../support/objects.js";
import { apply, must, type RegisteredWebhook, registerWebhook } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "pods-e2e";
const owner = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "1" };
let registered: RegisteredWebhook;

beforeAll(async () => {
  const rbac = { apiGroup: "rbac.authorization.k8s.io", apiVersion: "rbac.authorization.k8s.io/v1" };
  await apply(
    plane,
    namespace(ns),
    {
      apiVersion: rbac.apiVersion,
      kind: "Role",
      metadata: { name: "pods", namespace: ns },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }],
    },
    {
      apiVersion: rbac.apiVersion,
      kind: "RoleBinding",
      metadata: { name: "pods", namespace: ns },
      roleRef: { apiGroup: rbac.apiGroup, kind: "Role", name: "pods" },
      subjects: [{ apiGroup: rbac.apiGroup, kind: "Group", name: "developers" }],
    },
  );
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => plane.kubectl(["delete", "namespace", ns, "--wait=false"]));

const create = (object: object, as: "alice" | "admin" = "alice"): ReturnType<typeof plane.kubectl> =>
  plane.kubectl(["create", "-n", ns, "-f", "-"], { stdin: list([object]), as });

const strayMessage =
  "tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and no CocoonSet owns it: " +
  "create a CocoonSet and let the operator make its pods, or remove the toleration";

describe("a stray cocoon pod", () => {
  it("is refused by kubectl with the documented message", async () => {
    const { code, stderr } = await create(pod("stray"));
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.webhook.cocoonstack.io" ' +
        `denied the request: pod ${ns}/stray ${strayMessage}\n`,
    );
  });

  it("is refused by the API with code and reason", async () => {
    const { status, body } = await plane.request("POST", `/api/v1/namespaces/${ns}/pods`, pod("stray"), {
      as: "alice",
    });
    expect(status).toBe(403);
    expect(body).toMatchObject({ kind: "Status", code: 403, reason: "Forbidden" });
    expect(await plane.request("GET", `/api/v1/namespaces/${ns}/pods/stray`)).toMatchObject({ status: 404 });
  });

  it("is refused whoever makes it: rights do not make a VM accountable", async () => {
    expect(await create(pod("stray"), "admin")).toMatchObject({ code: 1 });
  });

  it("is named by its prefix where it has no name", async () => {
    const { stderr } = await create({ ...pod(""), metadata: { generateName: "web-" } });
    expect(stderr).toMatch(new RegExp(`pod ${ns}/web-\\S+ tolerates`));
  });

  it("is refused in a dry run too", async () => {
    const { stderr } = await plane.kubectl(["create", "-n", ns, "--dry-run=server", "-f", "-"], {
      stdin: list([pod("stray")]),
    });
    expect(stderr).toContain(strayMessage);
  });

  it("is refused when a CocoonSet of a foreign group owns it", async () => {
    const ownerReferences = [{ ...owner, apiVersion: "example.com/v1" }];
    expect((await create(pod("stray", { ownerReferences }))).stderr).toContain(strayMessage);
  });

  it("is left alone in kube-system", async () => {
    const { code } = await plane.kubectl(["create", "-n", "kube-system", "--dry-run=server", "-f", "-"], {
      stdin: list([pod("stray")]),
    });
    expect(code).toBe(0);
  });
});

describe("other pods", () => {
  it("go through: one that a CocoonSet owns", async () => {
    await must(create(pod("owned", { ownerReferences: [owner] })));
  });

  it("go through, and the webhook is not even asked: ordinary ones", async () => {
    const before = await registered.webhook.metrics();
    await must(create(pod("ordinary", { tolerations: [] })));
    await must(create(pod("ordinary-2", { tolerations: [{ operator: "Exists" }] })));
    expect(countsOf(await registered.webhook.metrics())).toEqual(countsOf(before));
  });
});

const countsOf = (metrics: ReadonlyMap<string, number>): object =>
  Object.fromEntries([...metrics].filter(([name]) => name.startsWith("cocoon_webhook_admission_total")));
