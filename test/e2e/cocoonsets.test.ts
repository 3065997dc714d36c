import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installCrds, installPermissiveCrd } from "../support/crds.js";
import { namespace } from "../support/objects.js";
import { bodyMarker } from "../support/output-secrets.js";
import { apply, must, type RegisteredWebhook, registerWebhook } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "cocoonsets-e2e";
let registered: RegisteredWebhook;

beforeAll(async () => {
  await apply(plane, namespace(ns));
});
afterAll(() => plane.kubectl(["delete", "namespace", ns, "--wait=false"]));

const cocoonSet = (name: string, spec: unknown): string =>
  JSON.stringify({
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    metadata: { name, annotations: { "example.com/note": bodyMarker } },
    spec,
  });
const create = (name: string, spec: unknown): ReturnType<typeof plane.kubectl> =>
  plane.kubectl(["-n", ns, "create", "-f", "-"], { stdin: cocoonSet(name, spec) });

const valid = { agent: { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" } };

describe("a CocoonSet that only the webhook judges", () => {
  beforeAll(async () => {
    await installPermissiveCrd(plane, "cocoonsets");
    registered = await registerWebhook(plane);
    return () => registered[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await plane.kubectl(["delete", "crd", "cocoonsets.cocoonset.cocoonstack.io"]);
  });

  it("is stored with its defaults where it is valid", async () => {
    await must(create("valid", valid));
    const stored = JSON.parse(
      await must(plane.kubectl(["-n", ns, "get", "cocoonsets", "valid", "-o", "json"])),
    ) as object;
    expect(stored).toMatchObject({
      spec: {
        snapshotPolicy: "always",
        nodePool: "default",
        agent: { replicas: 0, mode: "clone", os: "linux", backend: "cloud-hypervisor" },
      },
    });
  });

  const invalid = {
    snapshotPolicy: "sometimes",
    agent: { replicas: -1, mode: "fork", os: "plan9", connType: "telnet", backend: "firecracker" },
    toolboxes: [
      { name: "12", image: "ubuntu:24.04", mode: "clone", backend: "firecracker", os: "windows" },
      { name: "Upper", mode: "static" },
      { name: "db", backend: "firecracker", image: "https://images.example.com/a.qcow2" },
      { name: "db", backend: "cloud-hypervisor" },
    ],
  };

  it("is refused with everything that is wrong, each at its field", async () => {
    const { code, stderr } = await create("invalid", invalid);
    expect(code).toBe(1);
    expect(stderr).toMatchSnapshot();
  });

  it("is refused by the API as invalid, with causes", async () => {
    const url = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${ns}/cocoonsets`;
    const answer = await plane.request("POST", url, cocoonSet("invalid", { agent: {} }));
    expect(answer).toMatchObject({
      status: 422,
      body: {
        reason: "Invalid",
        details: {
          group: "cocoonset.cocoonstack.io",
          kind: "CocoonSet",
          name: "invalid",
          causes: [{ field: "spec.agent.image", reason: "FieldValueRequired" }],
        },
      },
    });
  });

  it.each<[string, unknown, string]>([
    ["no image", { agent: {} }, "spec.agent.image: must be set"],
    [
      "fewer than no sub-agents",
      { agent: { ...valid.agent, replicas: -1 } },
      "spec.agent.replicas: must be 0 or more",
    ],
    ["an unknown snapshot policy", { ...valid, snapshotPolicy: "no" }, "spec.snapshotPolicy: must be one of"],
    [
      "windows on firecracker",
      { agent: { ...valid.agent, mode: "run", backend: "firecracker", os: "windows" } },
      "cannot boot windows",
    ],
    [
      "a URL on firecracker",
      { agent: { image: "https://x/y.img", mode: "run", backend: "firecracker" } },
      "needs an OCI image",
    ],
    [
      "clone by default on firecracker",
      { agent: { ...valid.agent, backend: "firecracker" } },
      "cannot clone",
    ],
    [
      "a toolbox without a name",
      { ...valid, toolboxes: [{ image: "x" }] },
      "spec.toolboxes[0].name: must be set",
    ],
    ["a toolbox of digits", { ...valid, toolboxes: [{ name: "7", image: "x" }] }, "must hold a letter"],
    [
      "two toolboxes of a name",
      {
        ...valid,
        toolboxes: [
          { name: "a", image: "x" },
          { name: "a", image: "x" },
        ],
      },
      "spec.toolboxes[1].name: must differ",
    ],
    [
      "a static toolbox without a VM",
      { ...valid, toolboxes: [{ name: "a", mode: "static" }] },
      "spec.toolboxes[0].staticVMID: must be set",
    ],
    [
      "a toolbox of another backend",
      { ...valid, toolboxes: [{ name: "a", image: "x", backend: "firecracker" }] },
      "must be the agent's backend, cloud-hypervisor, not firecracker",
    ],
  ])("is refused with %s", async (_, spec, message) => {
    const { code, stderr } = await create("invalid", spec);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it("that is edited to be invalid is refused", async () => {
    await must(create("edited", valid));
    const patch = JSON.stringify({ spec: { agent: { backend: "firecracker" } } });
    const { stderr } = await plane.kubectl([
      "-n",
      ns,
      "patch",
      "cocoonset",
      "edited",
      "--type=merge",
      "-p",
      patch,
    ]);
    expect(stderr).toContain("spec.agent.mode: ");
  });
});

describe("the shipped CRDs", () => {
  beforeAll(() => installCrds(plane));

  it("hold the rules while no webhook runs", async () => {
    const { stderr } = await create("invalid", { agent: { ...valid.agent, backend: "firecracker" } });
    expect(stderr).toContain("is invalid");
    expect(stderr).toMatch(/mode/);
  });

  it("store a valid CocoonSet, explain it, and list it", async () => {
    await must(create("shipped", valid));
    expect(await must(plane.kubectl(["-n", ns, "get", "cocoonsets"]))).toMatch(
      /^NAME +PHASE +READY +DESIRED +AGE/,
    );
    expect(await must(plane.kubectl(["explain", "cocoonset.spec.agent.mode"]))).toMatch(/DESCRIPTION/);
  });

  it("merge toolboxes by name under server-side apply, so that two managers each own theirs", async () => {
    const applyAs = (manager: string, spec: object): ReturnType<typeof plane.kubectl> =>
      plane.kubectl(["-n", ns, "apply", "--server-side", `--field-manager=${manager}`, "-f", "-"], {
        stdin: cocoonSet("shared", { ...valid, ...spec }),
      });
    /** In the order of their names: whoever applies last decides the order of the list. */
    const toolboxes = async (): Promise<readonly unknown[]> => {
      const stored = await must(plane.kubectl(["-n", ns, "get", "cocoonsets", "shared", "-o", "json"]));
      const { spec } = JSON.parse(stored) as { spec: { toolboxes: { name: string }[] } };
      return spec.toolboxes.sort((a, b) => a.name.localeCompare(b.name));
    };
    const db = { name: "db", image: "postgres:17" };
    const web = { name: "web", image: "nginx:1" };
    await must(applyAs("team-db", { toolboxes: [db] }));
    await must(applyAs("team-web", { toolboxes: [web] }));
    expect(await toolboxes()).toMatchObject([db, web]);

    const conflict = await applyAs("team-web", { toolboxes: [{ ...db, image: "postgres:16" }, web] });
    expect(conflict.stderr).toMatch(/conflict with "team-db".*\.spec\.toolboxes\[name="db"\]\.image/s);

    await must(applyAs("team-web", { toolboxes: [web, { ...db, probePort: 5432 }] }));
    expect(await toolboxes()).toMatchObject([{ ...db, probePort: 5432 }, web]);

    await must(applyAs("team-db", {}));
    expect(await toolboxes()).toMatchObject([{ ...db, probePort: 5432 }, web]);
    await must(applyAs("team-web", { toolboxes: [web] }));
    expect(await toolboxes()).toMatchObject([web]);
  });
});
