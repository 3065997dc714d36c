import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identities } from "../../controlplane/index.js";
import { admissions } from "../../support/admissions.js";
import { installCrds } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import { cocoonOwner, cocoonSet, cocoonToleration, pod, workload } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { must, type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";
import { startTolerationAdder } from "../../support/toleration-adder.js";

const plane = sharedControlPlane();
const ns = "bypass-pods";
const alice = person(plane, ns, "alice");
const operator = person(plane, ns, "operator");
let registered: RegisteredWebhook;
/** Of a CocoonSet that exists, so that the garbage collector leaves its pods alone. */
let owner: object;

beforeAll(async () => {
  await installCrds(plane);
  await openNamespace(plane, ns);
  const set = await good(operator.create("CocoonSet", cocoonSet("demo")));
  owner = cocoonOwner("demo", (set as { metadata: { uid: string } }).metadata.uid);
  registered = await registerWebhook(plane, { env: { POD_CREATORS: identities.operator.user } });
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

const stray = "which makes it a Cocoon VM, and no CocoonSet owns it";
const gains = "gains the toleration virtual-kubelet.io/provider by this update";

describe("a toleration that only looks like ours", () => {
  it.each(["virtual-kubelet.io/Provider", "virtual-kubelet.io/provider-x", "virtual-kubelet.io/provide"])(
    "look-alike toleration key is not cocoon and passes: %s",
    async (key) => {
      const name = key.replace("/", "-").toLowerCase();
      await good(alice.create("Pod", pod(name, { tolerations: [{ key, operator: "Exists" }] })));
    },
  );

  it.each(["Virtual-Kubelet.io/provider", " virtual-kubelet.io/provider", "virtual-kubelet.io/provider "])(
    "upper-case or spaced toleration key is not cocoon, and the API server refuses it itself: '%s'",
    async (key) => {
      const answer = await alice.create("Pod", pod("odd", { tolerations: [{ key, operator: "Exists" }] }));
      expect(answer.status).toBe(422);
      expect(messageOf(answer)).toContain("spec.tolerations[0].key: Invalid value");
    },
  );
});

describe("the toleration added after creation", () => {
  beforeAll(() => good(alice.create("Pod", pod("plain", { tolerations: [] }))));

  it("the toleration added after creation is refused: kubectl patch", async () => {
    const patch = JSON.stringify([{ op: "add", path: "/spec/tolerations/-", value: cocoonToleration }]);
    const { code, stderr } = await alice.kubectl(["patch", "pod", "plain", "--type=json", "-p", patch]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `admission webhook "final-pods.webhook.cocoonstack.io" denied the request: pod ${ns}/plain ${gains}`,
    );
  });

  it("the toleration added after creation is refused: kubectl edit", async () => {
    const add = "sed -i 's#^  tolerations:#  tolerations:\\n  - {key: virtual-kubelet.io/provider}#'";
    const { stdout, stderr } = await alice.kubectl(["edit", "pod", "plain"], undefined, { KUBE_EDITOR: add });
    expect(stdout + stderr).toContain(gains);
  });

  it("the toleration added after creation is refused with a forged owner reference in the same update", async () => {
    const answer = await alice.patch("Pod", "plain", {
      metadata: { ownerReferences: [owner] },
      spec: { tolerations: [...(await tolerationsOf("plain")), cocoonToleration] },
    });
    expect(messageOf(answer)).toContain('user "alice" may not create such pods');
  });

  it("another toleration can still be added", async () => {
    const other = { key: "example.com/other", operator: "Exists" };
    await good(
      alice.patch("Pod", "plain", { spec: { tolerations: [...(await tolerationsOf("plain")), other] } }),
    );
  });
});

async function tolerationsOf(name: string): Promise<readonly object[]> {
  const body = await good(alice.get("Pod", name));
  return (body as { spec: { tolerations: readonly object[] } }).spec.tolerations;
}

describe("a pod that another mutating webhook changes", () => {
  beforeAll(async () => {
    const adder = await startTolerationAdder(plane);
    return () => adder[Symbol.asyncDispose]();
  });

  it("the toleration added by another mutating webhook is refused on the final object", async () => {
    const seen = await admissions(registered.webhook, { handler: "mutate" });
    const create = (): ReturnType<typeof alice.create> =>
      alice.create("Pod", pod("injected", { tolerations: [], labels: { "add-toleration": "yes" } }));
    // The other webhook's registration takes effect within a moment; until then the pod is an ordinary one.
    const answer = await eventually(
      async () => {
        const created = await create();
        if (created.status === 201) await good(alice.remove("Pod", "injected"));
        return created;
      },
      ({ status }) => status === 403,
    );
    expect(messageOf(answer)).toContain(`"final-pods.webhook.cocoonstack.io" denied the request`);
    expect(messageOf(answer)).toContain(`pod ${ns}/injected tolerates virtual-kubelet.io/provider, ${stray}`);
    expect(await admissions(registered.webhook, { handler: "mutate" })).toBe(seen);
  });
});

describe("a new cocoon pod", () => {
  it("a forged owner reference by an ordinary user is refused, and the operator's own passes", async () => {
    const owned = pod("demo-0", { ownerReferences: [owner] });
    const answer = await alice.create("Pod", owned);
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toContain('user "alice" may not create such pods');
    await good(operator.create("Pod", owned));
  });

  it("an owner of kind CocoonSet in a foreign group is refused, even from the operator", async () => {
    const foreign = { ...owner, apiVersion: "example.com/v1" };
    const answer = await operator.create("Pod", pod("demo-1", { ownerReferences: [foreign] }));
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toContain(stray);
  });

  it("a generateName pod is refused, and named by its prefix", async () => {
    const answer = await alice.create("Pod", { ...pod(""), metadata: { generateName: "web-" } });
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toMatch(new RegExp(`pod ${ns}/web-\\S+ tolerates .* no CocoonSet owns it`));
  });
});

describe("a cocoon pod that exists", () => {
  const name = "demo-2";
  beforeAll(() => good(operator.create("Pod", pod(name, { ownerReferences: [owner] }))));

  it("ephemeral containers on a cocoon pod pass", async () => {
    const ephemeralContainers = [{ name: "debug", image: "busybox", targetContainerName: "vm" }];
    await good(
      person(plane, ns, "admin").patch(
        "Pod",
        `${name}/ephemeralcontainers`,
        { spec: { ephemeralContainers } },
        "application/strategic-merge-patch+json",
      ),
    );
  });

  it("status, labels and finalizers of a cocoon pod pass", async () => {
    await must(alice.kubectl(["label", "pod", name, "team=a"]));
    await good(alice.patch("Pod", name, { metadata: { finalizers: ["example.com/keep"] } }));
    await good(operator.patch("Pod", `${name}/status`, { status: { phase: "Running" } }));
    await good(alice.patch("Pod", name, { metadata: { finalizers: null } }));
  });

  it("a further toleration for a cocoon pod passes", async () => {
    const tolerations = [...(await tolerationsOf(name)), { key: "example.com/other", operator: "Exists" }];
    await good(alice.patch("Pod", name, { spec: { tolerations } }));
  });
});

it("deletion of the namespace passes", async () => {
  const doomed = `${ns}-doomed`;
  await openNamespace(plane, doomed);
  const there = person(plane, doomed, "operator");
  const set = await good(there.create("CocoonSet", cocoonSet("demo")));
  const { uid } = (set as { metadata: { uid: string } }).metadata;
  await good(there.create("Pod", pod("demo-0", { ownerReferences: [cocoonOwner("demo", uid)] })));
  await good(there.create("Pod", pod("plain", { tolerations: [] })));
  await good(there.create("Deployment", workload("Deployment", "agents", 2)));
  await must(plane.kubectl(["delete", "namespace", doomed, "--timeout=60s"]));
});
