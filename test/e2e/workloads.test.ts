import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

// What it may do; bypass/workloads.test.ts has the ways down.
describe.each(["Deployment", "StatefulSet"] as const)("a cocoon %s", (kind) => {
  const name = "agents";
  const resource = `${kind.toLowerCase()}/${name}`;

  it("may be scaled up, labelled and deleted", async () => {
    await must(
      plane.kubectl(["-n", ns, "create", "-f", "-"], { stdin: JSON.stringify(workload(kind, name, 3)) }),
    );
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
