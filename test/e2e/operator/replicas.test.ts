import type { KubeObject } from "@cocoonstack/machinery/informer";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import {
  type ControlPlane,
  ensureAssets,
  type KnownIdentity,
  serviceAccount,
  startControlPlane,
} from "../../controlplane/index.js";
import { watchWriters } from "../../support/audit-log.js";
import { eventually } from "../../support/eventually.js";
import type { OperatorProcess } from "../../support/operator-process.js";
import type { Place } from "../../support/platform/place.js";
import { Platform } from "../../support/platform/platform.js";
import { soleScenario } from "../../support/platform/scenario.js";
import { followTold } from "../../support/platform/told.js";
import { apply } from "../../support/registered-webhook.js";
import { Teardown } from "../../support/teardown.js";

// Replicas are the same service account. These are two, in turns, so that the audit log says which of them wrote.
const accounts = {
  odd: serviceAccount("cocoon-system", "operator-odd"),
  even: serviceAccount("cocoon-system", "operator-even"),
} as const;
type Account = keyof typeof accounts;
const { odd, even } = { odd: accounts.odd.user, even: accounts.even.user };

const leaseNamespace = "default";

// A control plane of its own: its API server is restarted.
let plane: ControlPlane<KnownIdentity | Account>;
let platform: Platform;
const own = new Teardown();
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}: ${result.wayOut}`);
  plane = await own.use(startControlPlane({ assets: result.assets, identities: accounts }));
  await apply(plane, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "replicas" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: Object.keys(accounts).map((account) => ({
      kind: "ServiceAccount",
      name: `operator-${account}`,
      namespace: "cocoon-system",
    })),
  });
  platform = await own.use(
    Platform.start(plane, { args: ["--lease-namespace", leaseNamespace], ...as("odd") }),
  );
});
afterAll(() => own[Symbol.asyncDispose]());

const as = (account: Account): { readonly env: NodeJS.ProcessEnv } => ({
  env: { KUBECONFIG: plane.kubeconfig(account) },
});

/** A replica that waits. */
async function standby(account: Account): Promise<OperatorProcess> {
  const operator = await platform.startReplica(as(account));
  onTestFinished(() => operator[Symbol.asyncDispose]());
  const ready = await eventually(
    () => operator.probe("readyz"),
    ({ status }) => status === 200,
  );
  expect(ready).toMatchObject({ status: 200 });
  expect((await operator.metrics()).get("cocoon_operator_leader")).toBe(0);
  return operator;
}

interface Lease {
  readonly spec: { readonly holderIdentity?: string };
}

const isWorking = ({ log }: OperatorProcess): boolean => log.some(({ msg }) => msg === "working");

const msUntil = async (event: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await event();
  return performance.now() - startMs;
};

/** A set `demo` with so many sub-agents. */
class Demo {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Asks for so many. Who asks for fewer gives up the VMs of the others. */
  async scale(replicas: number): Promise<void> {
    const names = await this.#place.pods.names();
    this.#place.giveUp(...names.filter((name) => !podNames(replicas).includes(name)));
    await this.#place.editSet("demo", { agent: { replicas } });
  }

  /** Waits until the pods are just these, and their VMs run. */
  async untilScaled(replicas: number): Promise<void> {
    await this.#place.until(
      "CocoonSet",
      "demo",
      `of ${replicas} sub-agents that run`,
      ({ status }) =>
        status?.phase === "Running" &&
        status.agents?.length === 1 + replicas &&
        status.readyAgents === 1 + replicas,
    );
    const names = await eventually(
      () => this.#place.pods.names(),
      (found) => found.length === 1 + replicas,
    );
    expect(names).toEqual(podNames(replicas));
  }
}

const podNames = (replicas: number): readonly string[] =>
  Array.from({ length: 1 + replicas }, (_, slot) => `demo-${slot}`);

soleScenario(
  "36: the next replica goes on where the leader ends, is killed or hangs, and never do two write",
  () => platform,
  async (place) => {
    const demo = new Demo(place);
    const scaled = async (replicas: number): Promise<void> => {
      await demo.scale(replicas);
      await demo.untilScaled(replicas);
    };
    const writers = await watchWriters(plane, [odd, even]);
    const first = platform.operator;
    const second = await standby("even");
    await place.createSet("demo", { agent: { replicas: 1 } });
    await demo.untilScaled(1);
    expect(isWorking(second)).toBe(false);

    const holders = await followTold(
      plane,
      `/apis/coordination.k8s.io/v1/namespaces/${leaseNamespace}/leases`,
      "cocoon-operator.cocoonset.cocoonstack.io",
      (lease) => (lease as KubeObject & Lease).spec.holderIdentity ?? "",
    );
    onTestFinished(() => holders[Symbol.asyncDispose]());
    const afterEndMs = await msUntil(async () => {
      expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
      await second.works();
    });
    const [leader, nobody, successor] = await holders.soFar();
    // It was given the lease, and did not have to wait until it ran out.
    expect([leader === successor, nobody, typeof successor]).toEqual([false, "", "string"]);
    await scaled(2);

    const third = await standby("odd");
    const afterKillMs = await msUntil(async () => {
      await second.end("SIGKILL");
      await demo.scale(1);
      await third.works();
    });
    await demo.untilScaled(1);

    const fourth = await standby("even");
    const afterHangMs = await msUntil(async () => {
      // With something to do, of which it learns when it goes on, as its successor does now.
      third.kill("SIGSTOP");
      await demo.scale(2);
      await fourth.works();
    });
    await demo.scale(3);
    third.kill("SIGCONT");
    expect(await third.exited()).toMatchObject({ code: 1 });
    await demo.untilScaled(3);
    expect(await writers()).toEqual([odd, even, odd, even]);

    const fifth = await standby("odd");
    const awayMs = await msUntil(() => plane.restartApiServer());
    const backMs = await msUntil(() => scaled(1));
    const hasLost = isWorking(fifth);
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

    // Through all of that the VMs that nobody scaled away have run on.
    for (const name of podNames(1)) expect(place.startsOf(name)).toHaveLength(1);
    // And what it was told before all that, it has not forgotten: the finalizer goes with it.
    await place.remove("CocoonSet", "demo");
    await place.untilGone("CocoonSet", "demo");
  },
);
