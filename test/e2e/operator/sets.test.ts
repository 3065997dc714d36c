import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { installCrds } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import { HandNode, podNames, type SeenPod } from "../../support/hand-node.js";
import { namespace as namespaceObject } from "../../support/objects.js";
import { OperatorProcess } from "../../support/operator-process.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";
import { type RegistryServer, startRegistry } from "../../registry/start-registry.js";

const plane = sharedControlPlane();
let registry: RegistryServer;
let operator: OperatorProcess;
beforeAll(async () => {
  await installCrds(plane);
  registry = await startRegistry();
  operator = await OperatorProcess.start({ plane, registryUrl: registry.url });
  await operator.works();
});
afterAll(async () => {
  await operator.end();
  await registry[Symbol.asyncDispose]();
});

/** Under load, everything here takes a few seconds at most. */
const patienceMs = 40_000;

type Fields = Readonly<Record<string, unknown>>;

interface SeenSet {
  readonly metadata: { readonly generation: number; readonly finalizers?: readonly string[] };
  readonly spec: Fields;
  readonly status?: Fields & {
    readonly phase?: string;
    readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
  };
}

let count = 0;
let space = "";
let node: HandNode;
beforeEach(async () => {
  space = `op-${process.pid}-${++count}`;
  await plane.request("POST", "/api/v1/namespaces", namespaceObject(space));
  node = new HandNode(plane, space);
  const [ownNode, ownSpace] = [node, space];
  onTestFinished(async () => {
    await plane.request("DELETE", `${sets(ownSpace)}/demo`);
    await eventually(
      () => setOf("demo", ownSpace),
      (set) => set === undefined,
      patienceMs,
    );
    await ownNode.stop();
    await plane.request("DELETE", `/api/v1/namespaces/${ownSpace}`);
  });
});

const sets = (of = space): string => `/apis/cocoonset.cocoonstack.io/v1/namespaces/${of}/cocoonsets`;
const agent = { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" };

async function create(spec: Fields): Promise<void> {
  const answer = await plane.request("POST", sets(), {
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    metadata: { name: "demo" },
    spec,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

const edit = (spec: Fields): Promise<unknown> =>
  plane.request("PATCH", `${sets()}/demo`, { spec }, { contentType: "application/merge-patch+json" });

async function setOf(name = "demo", of = space): Promise<SeenSet | undefined> {
  const { status, body } = await plane.request("GET", `${sets(of)}/${name}`);
  return status === 200 ? (body as SeenSet) : undefined;
}

const reaches = async (phase: string): Promise<SeenSet | undefined> => {
  const set = await eventually(setOf, (seen) => seen?.status?.phase === phase, patienceMs);
  expect(set?.status?.phase, JSON.stringify(set?.status)).toBe(phase);
  return set;
};

const uids = async (): Promise<ReadonlyMap<string, string>> =>
  new Map((await node.pods()).map(({ metadata }) => [metadata.name, metadata.uid]));

const podOf = async (name: string): Promise<SeenPod | undefined> =>
  (await node.pods()).find(({ metadata }) => metadata.name === name);

const eventsOf = async (): Promise<readonly { reason: string; count: number; message: string }[]> => {
  const { body } = await plane.request("GET", `/api/v1/namespaces/${space}/events`);
  return (body as { readonly items: readonly { reason: string; count: number; message: string }[] }).items;
};

/** How long is long enough to see that nothing happens any more. */
const calmMs = 3_000;
const calm = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, calmMs));

describe("a CocoonSet on a real API server", () => {
  it("comes up main agent first, then the others, with what status says of them", async () => {
    node.held.add("demo-0");
    await create({
      agent: { ...agent, replicas: 2 },
      toolboxes: [
        { name: "db", image: "ghcr.io/cocoonstack/db:1" },
        { name: "gw", mode: "static", staticIP: "10.0.0.9", staticVMID: "vm-9", vncPort: 5900 },
      ],
    });
    await reaches("Pending");
    await calm();
    expect(await podNames(node, ["demo-0"])).toEqual(["demo-0"]);
    node.held.clear();
    const set = await reaches("Running");
    const names = ["demo-0", "demo-1", "demo-2", "demo-db", "demo-gw"];
    expect(await podNames(node, names)).toEqual(names);
    expect(set?.status).toMatchObject({
      readyAgents: 3,
      desiredAgents: 3,
      readyToolboxes: 2,
      desiredToolboxes: 2,
    });
    const main = await podOf("demo-0");
    const sub = await podOf("demo-2");
    expect(sub?.metadata.annotations?.["vm.cocoonstack.io/fork-from"]).toBe(`vk-${space}-demo-0`);
    expect(sub?.spec.nodeName).toBe(main?.spec.nodeName);
    expect(set?.metadata.generation).toBe(1);
  });

  it("grows by what is missing, and shrinks from the highest slot", async () => {
    await create({ agent: { ...agent, replicas: 2 } });
    await reaches("Running");
    const before = await uids();
    await edit({ agent: { replicas: 30 } });
    await eventually(setOf, (set) => set?.status?.["readyAgents"] === 31, patienceMs);
    const grown = await uids();
    expect(grown.size).toBe(31);
    for (const [name, uid] of before) expect(grown.get(name)).toBe(uid);
    await edit({ agent: { replicas: 2 } });
    expect(await podNames(node, ["demo-0", "demo-1", "demo-2"])).toEqual(["demo-0", "demo-1", "demo-2"]);
    expect(await uids()).toEqual(before);
    const isSmall = (set: SeenSet | undefined): boolean =>
      (set?.status?.["agents"] as readonly unknown[] | undefined)?.length === 3;
    expect(await eventually(setOf, isSmall, patienceMs)).toSatisfy(isSmall);
    await reaches("Running");
  });

  it("makes a main agent that was deleted by hand again, and leaves the others alone", async () => {
    await create({ agent: { ...agent, replicas: 1 } });
    await reaches("Running");
    const before = await uids();
    await plane.request("DELETE", `/api/v1/namespaces/${space}/pods/demo-0`);
    const after = await eventually(
      uids,
      (now) => now.has("demo-0") && now.get("demo-0") !== before.get("demo-0"),
    );
    expect(after.get("demo-1")).toBe(before.get("demo-1"));
    await reaches("Running");
  });

  it("replaces nothing for what means the same, nor for what others add", async () => {
    await plane.request("POST", `/api/v1/namespaces/${space}/limitranges`, {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "defaults" },
      spec: { limits: [{ type: "Container", default: { cpu: "3" }, defaultRequest: { cpu: "100m" } }] },
    });
    await create({
      agent: {
        ...agent,
        storage: "1Gi",
        resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1" } },
      },
    });
    await reaches("Running");
    const before = await uids();
    await edit({
      agent: {
        storage: "1024Mi",
        serviceAccountName: "default",
        resources: { limits: { cpu: "1000m" }, requests: { cpu: "1000m" } },
      },
    });
    await eventually(setOf, (set) => set?.status?.["observedGeneration"] === 2, patienceMs);
    await calm();
    expect(await uids()).toEqual(before);
    await reaches("Running");
  });

  it("says that the main agent failed, once, and is well again when that is", async () => {
    await create({ agent });
    await reaches("Running");
    await node.fail("demo-0", "no such image");
    const failed = await reaches("Failed");
    const ready = failed?.status?.conditions?.find(({ type }) => type === "Ready");
    expect(ready).toMatchObject({ status: "False", reason: "PodLifecycleFailed" });
    expect(ready?.message).toContain("no such image");
    const pod = await podOf("demo-0");
    if (pod !== undefined) await node.ready(pod);
    await reaches("Running");
    // Events are sent in their order: once this one is there, so are all before it.
    const isWell = (all: Awaited<ReturnType<typeof eventsOf>>): boolean =>
      all.some(({ reason, count: times }) => reason === "Running" && times === 2);
    const events = await eventually(eventsOf, isWell, patienceMs);
    expect(events).toSatisfy(isWell);
    for (const once of ["PodLifecycleFailed", "RecoveredFromFailure"]) {
      expect(events.filter(({ reason }) => reason === once).map(({ count: times }) => times)).toEqual([1]);
    }
  });

  it("stands in the way of nobody's server-side apply", async () => {
    const manifest = (image: string): string =>
      JSON.stringify({
        apiVersion: "cocoonset.cocoonstack.io/v1",
        kind: "CocoonSet",
        metadata: { name: "demo", namespace: space },
        spec: { agent: { image }, toolboxes: [{ name: "db", image: "ghcr.io/cocoonstack/db:1" }] },
      });
    const apply = (image: string): ReturnType<typeof plane.kubectl> =>
      plane.kubectl(["apply", "--server-side", "--field-manager=ada", "-f", "-"], { stdin: manifest(image) });
    expect(await apply(agent.image)).toMatchObject({ code: 0 });
    const set = await reaches("Running");
    expect(set?.metadata).toMatchObject({
      generation: 1,
      finalizers: ["cocoonset.cocoonstack.io/finalizer"],
    });
    expect(await apply(`${agent.image}-2`)).toMatchObject({ code: 0 });
    await eventually(setOf, (seen) => seen?.status?.["observedGeneration"] === 2, patienceMs);
    expect((await setOf())?.metadata.generation).toBe(2);
  });
});
