import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import {
  type ControlPlane,
  ensureAssets,
  type KnownIdentity,
  serviceAccount,
  startControlPlane,
} from "../../controlplane/index.js";
import { type RegistryServer, startRegistry } from "../../registry/start-registry.js";
import { watchWriters } from "../../support/audit-log.js";
import { installCrds } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import { HandNode, podNames } from "../../support/hand-node.js";
import { namespace } from "../../support/objects.js";
import { OperatorProcess } from "../../support/operator-process.js";
import { apply } from "../../support/registered-webhook.js";

// Replicas are the same service account. These are two, in turns, so that the audit log says which of them wrote.
const accounts = {
  odd: serviceAccount("cocoon-system", "operator-odd"),
  even: serviceAccount("cocoon-system", "operator-even"),
} as const;
type Account = keyof typeof accounts;
const { odd, even } = { odd: accounts.odd.user, even: accounts.even.user };

const space = "op-replicas";
const path = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${space}/cocoonsets`;
// A control plane of its own: its API server is restarted.
let plane: ControlPlane<KnownIdentity | Account>;
let registry: RegistryServer;
let node: HandNode;
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}: ${result.wayOut}`);
  plane = await startControlPlane({ assets: result.assets, identities: accounts });
  const admitted = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "replicas" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: ["operator-odd", "operator-even"].map((name) => ({
      kind: "ServiceAccount",
      name,
      namespace: "cocoon-system",
    })),
  };
  [registry] = await Promise.all([
    startRegistry(),
    installCrds(plane),
    apply(plane, admitted, namespace(space)),
  ]);
  node = new HandNode(plane, space);
});
afterAll(async () => {
  await node.stop();
  await registry[Symbol.asyncDispose]();
  await plane.stop();
});

async function replica(account: Account): Promise<OperatorProcess> {
  const operator = await OperatorProcess.start({
    plane,
    registryUrl: registry.url,
    args: ["--lease-namespace", space],
    env: { KUBECONFIG: plane.kubeconfig(account) },
  });
  onTestFinished(() => operator[Symbol.asyncDispose]());
  return operator;
}

/** A replica that waits. */
async function standby(account: Account): Promise<OperatorProcess> {
  const operator = await replica(account);
  const ready = await eventually(
    () => operator.probe("readyz"),
    ({ status }) => status === 200,
  );
  expect(ready).toMatchObject({ status: 200 });
  expect((await operator.metrics()).get("cocoon_operator_leader")).toBe(0);
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

/** Has the set scaled, and waits until its pods are there and no others. */
async function scaled(replicas: number): Promise<void> {
  const names = Array.from({ length: 1 + replicas }, (_, slot) => `demo-${slot}`);
  await scale(replicas);
  expect(await podNames(node, names)).toEqual(names);
}

/** How long a successor may take: a leader that ends releases the lease, that of one that is not heard of runs out. */
const releasedMs = 3_000;
const runOutMs = 17_000;
/** The watches are begun again with pauses of up to 3.2 s; a leader that could not renew for 10 s leads no more. */
const atOnceMs = 8_000;
/** It renews every 2 s, so that a restart as short as this one cannot cost it the lease. */
const shortMs = 6_000;

const msUntil = async (event: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await event();
  return performance.now() - startMs;
};

it("36: the next replica goes on where the leader ends, is killed or hangs, and never do two write", async () => {
  const writers = await watchWriters(plane, [odd, even]);
  const first = await replica("odd");
  await first.works();
  const second = await standby("even");
  const set = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", metadata: { name: "demo" } };
  await plane.request("POST", path, { ...set, spec: { agent: { image: "a", replicas: 1 } } });
  expect(await podNames(node, ["demo-0", "demo-1"])).toEqual(["demo-0", "demo-1"]);
  expect(isWorking(second)).toBe(false);

  const afterEndMs = await msUntil(async () => {
    expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
    await second.works();
  });
  expect(afterEndMs).toBeLessThan(releasedMs);
  await scaled(2);

  const third = await standby("odd");
  const afterKillMs = await msUntil(async () => {
    await second.end("SIGKILL");
    await scale(1);
    await third.works();
  });
  expect(afterKillMs).toBeLessThan(runOutMs);
  await scaled(1);

  const fourth = await standby("even");
  const afterHangMs = await msUntil(async () => {
    // With something to do, of which it learns when it goes on, as its successor does now.
    third.kill("SIGSTOP");
    await scale(2);
    await fourth.works();
  });
  expect(afterHangMs).toBeLessThan(runOutMs);
  await scale(3);
  third.kill("SIGCONT");
  expect(await third.exited()).toMatchObject({ code: 1 });
  await scaled(3);
  expect(await writers()).toEqual([odd, even, odd, even]);

  const fifth = await standby("odd");
  const awayMs = await msUntil(() => plane.restartApiServer());
  const backMs = await msUntil(() => scaled(1));
  const hasLost = isWorking(fifth);
  expect(backMs).toBeLessThan(hasLost ? runOutMs : atOnceMs);
  expect({ awayMs, isUndulyLost: hasLost && awayMs < shortMs }).toMatchObject({ isUndulyLost: false });
  expect([
    [odd, even, odd, even],
    [odd, even, odd, even, odd],
  ]).toContainEqual(await writers());

  const times = { afterEndMs, afterKillMs, afterHangMs, awayMs, backMs };
  console.log(
    `${Object.entries(times)
      .map(([what, ms]) => `${what} ${Math.round(ms)}`)
      .join(", ")}; ${hasLost ? "the lease was lost" : "the leader stayed"}`,
  );

  // And what it was told before all that, it has not forgotten: the finalizer goes with it.
  await plane.request("DELETE", `${path}/demo`);
  const status = await eventually(
    async () => (await plane.request("GET", `${path}/demo`)).status,
    (code) => code === 404,
    40_000,
  );
  expect(status).toBe(404);
}, 240_000);

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
