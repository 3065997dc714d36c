import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type RegistryServer, startRegistry } from "../../registry/start-registry.js";
import { installCrds } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import { HandNode, podNames } from "../../support/hand-node.js";
import { namespace } from "../../support/objects.js";
import { OperatorProcess } from "../../support/operator-process.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
const space = `op-replicas-${process.pid}`;
const path = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${space}/cocoonsets`;
let registry: RegistryServer;
let node: HandNode;
beforeAll(async () => {
  await installCrds(plane);
  registry = await startRegistry();
  await plane.request("POST", "/api/v1/namespaces", namespace(space));
  node = new HandNode(plane, space);
});
afterAll(async () => {
  await node.stop();
  await registry[Symbol.asyncDispose]();
});

async function replica(): Promise<OperatorProcess> {
  const operator = await OperatorProcess.start({
    plane,
    registryUrl: registry.url,
    args: ["--lease-namespace", space],
  });
  onTestFinished(() => operator[Symbol.asyncDispose]());
  return operator;
}

const isWorking = ({ log }: OperatorProcess): boolean => log.some(({ msg }) => msg === "working");

const scale = (replicas: number): Promise<unknown> =>
  plane.request(
    "PATCH",
    `${path}/demo`,
    { spec: { agent: { replicas } } },
    { contentType: "application/merge-patch+json" },
  );

/** How long a successor may take: the lease of a leader that ended is free at once, that of one that was killed runs out. */
const released = 8_000;
const runOut = 40_000;

it("one of two replicas works, and the other one goes on where it ended or was killed", async () => {
  const first = await replica();
  await first.works();
  const second = await replica();
  expect(
    await eventually(
      () => second.probe("readyz"),
      ({ status }) => status === 200,
    ),
  ).toMatchObject({ status: 200 });
  expect((await second.metrics()).get("cocoon_operator_leader")).toBe(0);

  const set = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", metadata: { name: "demo" } };
  await plane.request("POST", path, { ...set, spec: { agent: { image: "a", replicas: 1 } } });
  expect(await podNames(node, ["demo-0", "demo-1"])).toEqual(["demo-0", "demo-1"]);
  expect(isWorking(second)).toBe(false);

  expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
  await second.logged(({ msg }) => msg === "working", released);
  await scale(2);
  expect(await podNames(node, ["demo-0", "demo-1", "demo-2"])).toHaveLength(3);

  const third = await replica();
  await second.end("SIGKILL");
  await scale(1);
  await third.logged(({ msg }) => msg === "working", runOut);
  expect(await podNames(node, ["demo-0", "demo-1"])).toEqual(["demo-0", "demo-1"]);

  // And what it is told a third time, it has not forgotten: the finalizer goes with it.
  await plane.request("DELETE", `${path}/demo`);
  const status = await eventually(
    async () => (await plane.request("GET", `${path}/demo`)).status,
    (code) => code === 404,
    40_000,
  );
  expect(status).toBe(404);
}, 180_000);

it("dry runs say what they would do, and do none of it", async () => {
  const operator = await OperatorProcess.start({ plane, registryUrl: registry.url, args: ["--dry-run"] });
  onTestFinished(() => operator[Symbol.asyncDispose]());
  const set = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", metadata: { name: "dry" } };
  await plane.request("POST", path, { ...set, spec: { agent: { image: "a" } } });
  await operator.logged(
    ({ msg, action, name }) => msg === "would do" && action === "add-finalizer" && name === "dry",
  );
  const { body } = await plane.request("GET", `${path}/dry`);
  expect(
    (body as { metadata: { finalizers?: unknown }; status?: unknown }).metadata.finalizers,
  ).toBeUndefined();
  await plane.request("DELETE", `${path}/dry`);
});
