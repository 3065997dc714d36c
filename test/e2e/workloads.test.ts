import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.js";
import { namespace, workload } from "../support/objects.js";
import { apply, must, type RegisteredWebhook, registerWebhook } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "workloads-e2e";
let registered: RegisteredWebhook;

beforeAll(async () => {
  await apply(plane, namespace(ns));
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => plane.kubectl(["delete", "namespace", ns, "--wait=false"]));

const kubectl = (...args: string[]): ReturnType<typeof plane.kubectl> => plane.kubectl(["-n", ns, ...args]);
const replicas = (resource: string): Promise<string> =>
  must(kubectl("get", resource, "-o", "jsonpath={.spec.replicas}"));

const refusal = (kind: string, name: string, before: number, after: number): string =>
  `${kind} ${ns}/${name} cannot be scaled from ${before} to ${after} replicas: its pods are Cocoon VMs, and a removed VM ` +
  "loses its state; to suspend a VM and keep its state, create a CocoonHibernation that names its pod";

describe.each(["Deployment", "StatefulSet"] as const)("a cocoon %s", (kind) => {
  const name = "agents";
  const resource = `${kind.toLowerCase()}/${name}`;
  const path = `/apis/apps/v1/namespaces/${ns}/${kind.toLowerCase()}s/${name}`;

  beforeEach(async () => {
    await plane.kubectl(["-n", ns, "delete", resource, "--ignore-not-found"]);
    await must(
      plane.kubectl(["-n", ns, "create", "-f", "-"], { stdin: JSON.stringify(workload(kind, name, 3)) }),
    );
  });

  it("is not scaled down by kubectl scale", async () => {
    const { code, stderr } = await kubectl("scale", resource, "--replicas=1");
    expect(code).toBe(1);
    expect(stderr).toContain('admission webhook "scale.webhook.cocoonstack.io" denied the request: ');
    expect(stderr).toContain(refusal(kind, name, 3, 1));
    expect(await replicas(resource)).toBe("3");
  });

  it("is not scaled to zero", async () => {
    expect((await kubectl("scale", resource, "--replicas=0")).stderr).toContain(refusal(kind, name, 3, 0));
  });

  it("is not scaled down by an autoscaler's patch of /scale", async () => {
    const answer = await plane.request(
      "PATCH",
      `${path}/scale`,
      { spec: { replicas: 2 } },
      {
        contentType: "application/merge-patch+json",
      },
    );
    expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden", code: 403 } });
  });

  it("is not scaled down by kubectl patch", async () => {
    const { stderr } = await kubectl("patch", resource, "--type=merge", "-p", '{"spec":{"replicas":2}}');
    expect(stderr).toContain('admission webhook "workloads.webhook.cocoonstack.io" denied the request: ');
    expect(stderr).toContain(refusal(kind, name, 3, 2));
  });

  it("is not scaled down by a patch to null, which means one", async () => {
    const { stderr } = await kubectl("patch", resource, "--type=merge", "-p", '{"spec":{"replicas":null}}');
    expect(stderr).toContain(refusal(kind, name, 3, 1));
  });

  it("is not scaled down by kubectl edit", async () => {
    const { stdout, stderr } = await plane.kubectl(["-n", ns, "edit", resource], {
      env: { KUBE_EDITOR: "sed -i 's/^  replicas: 3/  replicas: 1/'" },
    });
    expect(stdout + stderr).toContain(refusal(kind, name, 3, 1));
    expect(await replicas(resource)).toBe("3");
  });

  it("is not scaled down by kubectl replace, nor by dropping the toleration with it", async () => {
    for (const tolerations of [undefined, []]) {
      const { stderr } = await plane.kubectl(["-n", ns, "replace", "-f", "-"], {
        stdin: JSON.stringify(workload(kind, name, 1, tolerations)),
      });
      expect(stderr).toContain(refusal(kind, name, 3, 1));
    }
  });

  it("may be scaled up, labelled and deleted", async () => {
    await must(kubectl("scale", resource, "--replicas=5"));
    expect(await replicas(resource)).toBe("5");
    await must(kubectl("patch", resource, "--type=merge", "-p", '{"spec":{"replicas":6}}'));
    await must(kubectl("label", resource, "a=b"));
    await must(kubectl("delete", resource));
  });
});

describe("other workloads", () => {
  it("go up and down as ever; only /scale is asked about, and the parent is read for it", async () => {
    await must(
      plane.kubectl(["-n", ns, "create", "-f", "-"], {
        stdin: JSON.stringify(workload("Deployment", "web", 3, [])),
      }),
    );
    const asked = 'cocoon_webhook_admission_total{handler="validate",result="allow",reason="not-cocoon"}';
    const fetched = 'cocoon_webhook_parent_fetch_duration_seconds_count{result="found"}';
    const counts = async (): Promise<number[]> => {
      const metrics = await registered.webhook.metrics();
      return [asked, fetched].map((name) => metrics.get(name) ?? 0);
    };

    const before = await counts();
    await must(kubectl("patch", "deployment/web", "--type=merge", "-p", '{"spec":{"replicas":2}}'));
    expect(await counts()).toEqual(before);

    await must(kubectl("scale", "deployment/web", "--replicas=1"));
    expect(await replicas("deployment/web")).toBe("1");
    // At least once: an API server asks again when somebody else, here a controller, has written in between.
    for (const [index, count] of (await counts()).entries()) {
      expect(count).toBeGreaterThan(before[index] ?? 0);
    }
  });
});

describe("without the right to read the parent", () => {
  it("a scale-down is refused with a reason that people can act on, and asked again it goes through", async () => {
    await must(
      plane.kubectl(["-n", ns, "create", "-f", "-"], {
        stdin: JSON.stringify(workload("Deployment", "plain", 3, [])),
      }),
    );
    const { stdout } = await plane.kubectl(["get", "clusterrolebinding", "cocoon-webhook", "-o", "json"]);
    await must(plane.kubectl(["delete", "clusterrolebinding", "cocoon-webhook"]));
    try {
      const { stderr } = await eventually(
        () => kubectl("scale", "deployment/plain", "--replicas=1", "--dry-run=server"),
        ({ code }) => code !== 0,
      );
      expect(stderr).toContain(
        `Deployment ${ns}/plain cannot be scaled from 3 to 1 replicas now: whether its pods are Cocoon VMs could not be ` +
          "checked (the webhook may not read it: its account lacks the rights of config/rbac); try again",
      );
      expect(stderr).toMatch(/\(ServiceUnavailable\)/);
    } finally {
      await must(plane.kubectl(["create", "-f", "-"], { stdin: withoutVersion(stdout) }));
    }
    await eventually(
      () => kubectl("scale", "deployment/plain", "--replicas=1"),
      ({ code }) => code === 0,
    );
  });
});

function withoutVersion(text: string): string {
  const { metadata, ...rest } = JSON.parse(text) as { metadata: { name: string } };
  return JSON.stringify({ ...rest, metadata: { name: metadata.name } });
}
