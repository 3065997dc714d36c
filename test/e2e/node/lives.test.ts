import { isPodReady, vmAnnotations } from "@cocoonstack/common/meta";
import { describe, expect, it } from "vitest";
import { until } from "../../support/eventually.js";
import { Host } from "../../support/node/agents.js";
import { podsOnNodes } from "../../support/node/pods-on-nodes.js";
import { startAgent } from "../../support/node/start-agent.js";
import { good } from "../../support/person.js";

const ns = "node-lives";
const { plane, pods } = podsOnNodes(ns, {
  refuses: ({ metadata }) => (metadata.name === "too-much" ? "0/9 nodes are available: too much" : undefined),
});
const generation = "cocoonset.cocoonstack.io/generation";
const { hibernate, id } = vmAnnotations;

const pulled = async (host: Host, name: string, tag: string): Promise<unknown> =>
  (await host.snapshots.pull(pods.vmName(name), tag, new AbortController().signal))?.content;

const conditions = (pod: { readonly status: { readonly conditions?: readonly object[] } }): unknown =>
  pod.status.conditions;

describe("a node agent on a real API server", () => {
  it.concurrent("is a node with a lease, which it renews", async (test) => {
    const host = new Host(plane, "node-itself");
    const { stop } = await startAgent(test, host, "gpu");
    const node = async (): Promise<unknown> => (await plane.request("GET", "/api/v1/nodes/node-itself")).body;
    await until(
      "there is no lease",
      () => lease("node-itself"),
      ({ spec }) => spec !== undefined,
    );
    expect(await node()).toMatchObject({
      metadata: { labels: { "cocoonstack.io/pool": "gpu", "kubernetes.io/hostname": "node-itself" } },
      spec: {
        taints: expect.arrayContaining([
          { key: "virtual-kubelet.io/provider", value: "cocoon", effect: "NoSchedule" },
        ]) as unknown,
      },
      status: {
        allocatable: { pods: "256" },
        conditions: [{ type: "Ready", status: "True" }],
      },
    });
    const { spec, metadata } = await lease("node-itself");
    expect(spec).toMatchObject({ holderIdentity: "node-itself", leaseDurationSeconds: 40 });
    expect(metadata?.ownerReferences).toMatchObject([{ kind: "Node", name: "node-itself" }]);
    await until(
      "the lease is not renewed",
      () => lease("node-itself"),
      (next) => next.spec?.renewTime !== spec?.renewTime,
    );
    // Somebody takes the node away; the agent is still there.
    await good(plane.request("DELETE", "/api/v1/nodes/node-itself"));
    await until("there is no node again", node, (one) => (one as { kind?: string }).kind === "Node");
    await stop();
    expect(await node()).toMatchObject({ kind: "Node" });
    await (await startAgent(test, host, "gpu")).stop(true);
    expect([await node(), await lease("node-itself")]).toMatchObject([{ code: 404 }, { code: 404 }]);
  });

  it.concurrent("brings a pod up, puts its VM to sleep and wakes it, with the same content", async (test) => {
    const host = new Host(plane, "node-sleep");
    await startAgent(test, host);
    await pods.create("web", { pool: "node-sleep" });
    const up = await pods.untilIn("web", "ready", 1);
    expect(isPodReady(up)).toBe(true);
    expect(up.status).toMatchObject({ phase: "Running", podIP: up.metadata.annotations[vmAnnotations.ip] });
    expect(up.status.containerStatuses).toMatchObject([{ name: "agent", ready: true }]);
    const vmName = pods.vmName("web");
    host.backend.touch(vmName);
    const content = host.backend.contentOf(vmName);
    expect(content).toMatchObject({ revision: 1 });

    await pods.annotate("web", { [hibernate]: "true", [generation]: "2" });
    const slept = await pods.untilIn("web", "hibernated", 2);
    expect(slept.status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
    expect(slept.metadata.annotations).not.toHaveProperty([id]);
    expect(await pulled(host, "web", "hibernate")).toEqual(content);
    expect(host.backend.contentOf(vmName)).toBeUndefined();

    // The stamp alone, and its echo.
    await pods.annotate("web", { [generation]: "3" });
    await pods.untilIn("web", "hibernated", 3);

    await pods.annotate("web", { [hibernate]: null, [generation]: "4" });
    const woken = await pods.untilIn("web", "ready", 4);
    expect(host.backend.contentOf(vmName)).toEqual(content);
    expect(woken.metadata.annotations[id]).not.toBe(up.metadata.annotations[id]);
    expect(woken.metadata.annotations["vm.cocoonstack.io/post-clone-state"]).toBe("done");

    await pods.remove("web");
    await pods.untilGone("web");
    expect(await pulled(host, "web", "latest")).toEqual(content);
    expect(host.backend.list()).toEqual([]);
  });

  it.concurrent(
    "keeps nothing of a pod that was deleted in its sleep, as the virtual kubelet does",
    async (test) => {
      const host = new Host(plane, "node-leave");
      await startAgent(test, host);
      await pods.create("leaves", { pool: "node-leave" });
      await pods.untilIn("leaves", "ready", 1);
      await pods.annotate("leaves", { [hibernate]: "true" });
      await pods.untilIn("leaves", "hibernated", 1);
      await pods.remove("leaves");
      await pods.untilGone("leaves");
      expect(await pulled(host, "leaves", "latest")).toBeUndefined();
      await until(
        "the VM is known",
        () => Promise.resolve(host.backend.list().length),
        (n) => n === 0,
      );
    },
  );

  it.concurrent("makes a fork where its original runs, and of its content", async (test) => {
    const [one, other] = [new Host(plane, "node-fork-a"), new Host(plane, "node-fork-b")];
    await startAgent(test, one, "forks");
    await startAgent(test, other, "forks");
    await pods.create("origin", { pool: "forks" });
    const origin = await pods.untilIn("origin", "ready", 1);
    await pods.create("fork", { pool: "forks", vm: { forkFrom: pods.vmName("origin"), mode: "clone" } });
    const fork = await pods.untilIn("fork", "ready", 1);
    expect(fork.spec.nodeName).toBe(origin.spec.nodeName);
    const host = origin.spec.nodeName === "node-fork-a" ? one : other;
    expect(host.backend.contentOf(pods.vmName("fork"))).toEqual(
      host.backend.contentOf(pods.vmName("origin")),
    );
  });

  it.concurrent("stands for a VM that others run", async (test) => {
    const host = new Host(plane, "node-static");
    await startAgent(test, host);
    const annotations = { [id]: "theirs", [vmAnnotations.ip]: "10.200.0.9", [hibernate]: "true" };
    await pods.create("box", { pool: "node-static", vm: { mode: "static", managed: false }, annotations });
    const box = await pods.untilIn("box", "ready", 1);
    expect(box.status).toMatchObject({ phase: "Running", podIP: "10.200.0.9" });
    expect([isPodReady(box), host.backend.list()]).toEqual([true, []]);
    await pods.remove("box");
    await pods.untilGone("box");
  });

  it.concurrent("says why a VM cannot be brought up, and goes on when it can", async (test) => {
    const host = new Host(plane, "node-fails", { faults: { "*": { fail: ["start"] } } });
    await startAgent(test, host);
    await pods.create("fails", { pool: "node-fails" });
    const failed = await pods.until("fails", "failed", ({ status }) => status.reason === "ProviderFailed");
    expect(failed.status).toMatchObject({
      phase: "Pending",
      message: "start of vk-node-lives-fails was made to fail",
    });
    expect(failed.metadata.annotations[vmAnnotations.lifecycleStateMessage]).toBe(failed.status.message);
    const events = (
      await plane.kubectl([
        "-n",
        ns,
        "get",
        "events",
        "-o",
        "name",
        "--field-selector",
        `reason=ProviderCreateFailed,involvedObject.uid=${failed.metadata.uid}`,
      ])
    ).stdout;
    expect(events).not.toBe("");
    host.faults.set({ "*": { fail: [] } });
    const up = await pods.untilIn("fails", "ready", 1);
    expect(up.status).not.toHaveProperty("reason");
    expect(up.metadata.annotations).not.toHaveProperty([vmAnnotations.lifecycleStateMessage]);
  });

  it.concurrent("gives up a pod whose VM has vanished", async (test) => {
    const host = new Host(plane, "node-vanish");
    await startAgent(test, host);
    await pods.create("vanishes", { pool: "node-vanish" });
    await pods.untilIn("vanishes", "ready", 1);
    host.faults.set({ "*": { vanish: true, hang: ["remove"] } });
    const lost = await pods.until("vanishes", "lost", ({ status }) => status.phase === "Failed");
    expect(lost.metadata).toHaveProperty("deletionTimestamp");
    expect(lost.status).toMatchObject({
      reason: "VMGone",
      conditions: [{ type: "Initialized" }, { type: "Ready", status: "False" }],
      containerStatuses: [{ state: { terminated: { reason: "VMGone" } } }],
    });
    host.faults.set({});
    await pods.untilGone("vanishes");
  });

  it.concurrent("leaves what finds no place to its scheduler", async () => {
    await pods.create("too-much", { pool: "nowhere" });
    const pod = await pods.until("too-much", "refused", (one) => conditions(one) !== undefined);
    expect(conditions(pod)).toMatchObject([
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/9 nodes are available: too much",
      },
    ]);
    await pods.remove("too-much");
    await pods.untilGone("too-much");
  });
});

interface Lease {
  readonly spec?: { readonly renewTime: string };
  readonly metadata?: { readonly ownerReferences?: readonly object[] };
}

const lease = async (name: string): Promise<Lease> =>
  (await plane.request("GET", `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`))
    .body as Lease;
