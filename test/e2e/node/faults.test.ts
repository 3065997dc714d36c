import { isPodReady, readHibernateState, readLifecycleStatus, vmAnnotations } from "@cocoonstack/common/meta";
import { describe, expect, it, type TestContext } from "vitest";
import { AgentCrash } from "../../../packages/node/src/agent/index.js";
import { until } from "../../support/eventually.js";
import { Host } from "../../support/node/agents.js";
import type { LivePod } from "../../support/node/pods-in.js";
import { podsOnNodes } from "../../support/node/pods-on-nodes.js";
import { startAgent } from "../../support/node/start-agent.js";

const ns = "node-faults";
const { plane, pods } = podsOnNodes(ns);
const generation = "cocoonset.cocoonstack.io/generation";
const { hibernate, id, ip, lifecycleState, lifecycleObservedGeneration } = vmAnnotations;

const pulled = async (host: Host, name: string, tag: string): Promise<unknown> =>
  (await host.snapshots.pull(pods.vmName(name), tag, new AbortController().signal))?.content;

const isTrue = (value: boolean): boolean => value;

describe("an agent that dies between two steps", () => {
  /** Each step of a life: bring-up, sleep, wake, end; and what the pod is asked for by then. */
  const moments = [
    ["before", "start", "up"],
    ["after", "start", "up"],
    ["after", "identify", "up"],
    ["after", "show", "up"],
    ["after", "report", "asleep"],
    ["after", "save", "asleep"],
    ["before", "push", "asleep"],
    ["after", "push", "asleep"],
    ["after", "unidentify", "asleep"],
    ["after", "destroy", "asleep"],
    ["after", "show", "asleep"],
    ["after", "report", "awake"],
    ["after", "start", "awake"],
    ["after", "set-up", "awake"],
    ["before", "save", "gone"],
    ["after", "push", "gone"],
    ["after", "destroy", "gone"],
    ["before", "remove", "gone"],
    ["after", "remove", "gone"],
  ] as const;

  const wants = {
    up: (name: string) => pods.untilIn(name, "ready", 1),
    asleep: async (name: string) => {
      await pods.annotate(name, { [hibernate]: "true", [generation]: "2" });
    },
    awake: async (name: string) => {
      await pods.annotate(name, { [hibernate]: null, [generation]: "3" });
    },
    gone: (name: string) => pods.remove(name),
  };

  it.concurrent.for(moments)(
    "%s %s, when its pod is to be %s, has a successor that goes on without loss",
    async ([when, step, want], test) => {
      const name = `dies-${when}-${step}-${want}`;
      const host = new Host(plane, name);
      const crash = { "*": when === "before" ? { crashBefore: [step] } : { crashAfter: [step] } };
      let agent = await startAgent(test, host);
      if (want === "up") host.faults.set(crash);
      await pods.create(name, { pool: name });
      /** Lets the agent die at the moment, and another take over. */
      const die = async (): Promise<void> => {
        expect(await agent.ended).toBeInstanceOf(AgentCrash);
        await agent.stop();
        host.faults.set({});
        agent = await startAgent(test, host);
      };
      const reach = async (stage: keyof typeof wants): Promise<void> => {
        if (stage === want && want !== "up") host.faults.set(crash);
        if (stage !== "up") await wants[stage](name);
        if (stage === want) await die();
      };

      await reach("up");
      const up = await pods.untilIn(name, "ready", 1);
      const vmName = pods.vmName(name);
      expect(up.metadata.annotations[id]).toBe(host.backend.find(vmName).vm?.id);
      const content = host.backend.contentOf(vmName);
      expect(content).toBeDefined();

      await reach("asleep");
      await pods.untilIn(name, "hibernated", 2);
      expect([await pulled(host, name, "hibernate"), host.backend.contentOf(vmName)]).toEqual([
        content,
        undefined,
      ]);

      await reach("awake");
      const woken = await pods.untilIn(name, "ready", 3);
      expect(host.backend.contentOf(vmName)).toEqual(content);
      expect(woken.metadata.annotations[id]).toBe(host.backend.find(vmName).vm?.id);

      await reach("gone");
      await pods.untilGone(name);
      expect(await pulled(host, name, "latest")).toEqual(content);
      await until("the VM is known", () => Promise.resolve(host.backend.list().length === 0), isTrue);
    },
  );
});

describe("an agent that is started again", () => {
  it.concurrent("knows its VMs, keeps those that sleep, and ends those whose pods are gone", async (test) => {
    const host = new Host(plane, "again");
    const first = await startAgent(test, host);
    for (const name of ["again-up", "again-asleep", "again-gone"]) {
      await pods.create(name, { pool: "again" });
      await pods.untilIn(name, "ready", 1);
    }
    await pods.annotate("again-asleep", { [hibernate]: "true" });
    const asleep = await pods.untilIn("again-asleep", "hibernated", 1);
    const up = await pods.untilIn("again-up", "ready", 1);
    await first.stop();
    await plane.kubectl(["-n", ns, "delete", "pod", "again-gone", "--force", "--grace-period=0"]);
    await pods.annotate("again-up", { [generation]: "2" });

    await startAgent(test, host);
    const found = await pods.untilIn("again-up", "ready", 2);
    expect(found.metadata.annotations[id]).toBe(up.metadata.annotations[id]);
    await until(
      "the VM without a pod is known",
      () => Promise.resolve(host.backend.list().length === 2),
      isTrue,
    );
    expect((await pods.get("again-asleep"))?.metadata).toEqual(asleep.metadata);
  });

  it.concurrent("without its VMs gives their pods up, for their operator to make anew", async (test) => {
    const first = await startAgent(test, new Host(plane, "power-cut"));
    const { metadata } = await pods.create("dark", { pool: "power-cut" });
    await pods.untilIn("dark", "ready", 1);
    await first.stop();
    await startAgent(test, new Host(plane, "power-cut"));
    await until(
      "the pod is there",
      () => pods.get("dark"),
      (pod) => pod?.metadata.uid !== metadata.uid,
    );
  });
});

describe("stale status writes", () => {
  /** Somebody asks for sleep while the VM is being brought up. */
  async function askWhileBooting(test: TestContext, name: string, staleWrites: boolean): Promise<LivePod> {
    const host = new Host(plane, name, { faults: { "*": { staleWrites, hang: ["start"] } } });
    await startAgent(test, host);
    await pods.create(name, { pool: name });
    await pods.untilIn(name, "creating", 1);
    await pods.annotate(name, { [hibernate]: "true", [generation]: "2" });
    host.faults.set({ "*": { staleWrites, hang: ["save"] } });
    return pods.until(name, "past its bring-up", (pod) =>
      staleWrites
        ? isPodReady(pod) && !readHibernateState(pod)
        : readLifecycleStatus(pod).state === "hibernating",
    );
  }

  it.concurrent(
    "undo what was asked for meanwhile, and its stamp, but not the agent's own words",
    async (test) => {
      const pod = await askWhileBooting(test, "stale", true);
      expect(pod.metadata.annotations).not.toHaveProperty([hibernate]);
      expect(pod.metadata.annotations[generation]).toBe("1");
      expect(pod.metadata.annotations[id]).toBeDefined();
      // Whoever asks again is heard.
      await pods.annotate("stale", { [hibernate]: "true", [generation]: "2" });
      await pods.untilIn("stale", "hibernating", 2);
    },
  );

  it.concurrent("do not happen unless they are asked for", async (test) => {
    const pod = await askWhileBooting(test, "fresh", false);
    expect([readHibernateState(pod), pod.metadata.annotations[generation]]).toEqual([true, "2"]);
  });
});

describe("faults", () => {
  it.concurrent("hold a push until they are lifted, and it still completes", async (test) => {
    const host = new Host(plane, "push-late");
    await startAgent(test, host);
    await pods.create("push-late", { pool: "push-late" });
    await pods.untilIn("push-late", "ready", 1);
    host.faults.set({ "*": { hang: ["push"] } });
    await pods.annotate("push-late", { [hibernate]: "true" });
    const pod = await pods.untilIn("push-late", "hibernating", 1);
    expect([pod.status.phase, await pulled(host, "push-late", "hibernate")]).toEqual(["Running", undefined]);
    host.faults.set({});
    await pods.untilIn("push-late", "hibernated", 1);
  });

  it.concurrent("let a wake find no snapshot, and fail rather than start afresh", async (test) => {
    const host = new Host(plane, "no-tag");
    await startAgent(test, host);
    await pods.create("no-tag", { pool: "no-tag" });
    await pods.untilIn("no-tag", "ready", 1);
    await pods.annotate("no-tag", { [hibernate]: "true" });
    await pods.untilIn("no-tag", "hibernated", 1);
    host.faults.set({ "*": { noTag: true } });
    await pods.annotate("no-tag", { [hibernate]: null });
    await pods.untilIn("no-tag", "failed", 1);
    // The status is written after the lifecycle.
    const failed = await pods.until("no-tag", "told why", ({ status }) => status.message !== undefined);
    expect(failed.status.message).toBe("there is no snapshot vk-node-faults-no-tag:hibernate");
    host.faults.set({});
    await pods.untilIn("no-tag", "ready", 1);
    expect(host.backend.contentOf(pods.vmName("no-tag"))).toEqual(await pulled(host, "no-tag", "hibernate"));
  });

  it.concurrent("keep id and address back", async (test) => {
    const host = new Host(plane, "late", { faults: { "*": { idLateMs: 1_500, ipLateMs: 1_000 } } });
    await startAgent(test, host);
    await pods.create("late", { pool: "late" });
    const early = await pods.untilIn("late", "ready", 1);
    expect(early.metadata.annotations).not.toHaveProperty([id]);
    expect(early.metadata.annotations).not.toHaveProperty([ip]);
    expect(early.status).not.toHaveProperty("podIP");
    const later = await pods.until("late", "known", ({ metadata, status }) =>
      [metadata.annotations[id], metadata.annotations[ip], status.podIP].every((text) => text !== undefined),
    );
    expect(later.status.podIP).toBe(later.metadata.annotations[ip]);
  });

  it.concurrent("leave out the generation, as older agents do", async (test) => {
    const host = new Host(plane, "no-echo", { faults: { "*": { noEcho: true } } });
    await startAgent(test, host);
    await pods.create("no-echo", { pool: "no-echo" });
    const pod = await pods.until("no-echo", "ready", (one) => readLifecycleStatus(one).state === "ready");
    expect(pod.metadata.annotations).not.toHaveProperty([lifecycleObservedGeneration]);
  });

  it.concurrent("lose lifecycle writes, which are repaired when they can be", async (test) => {
    const host = new Host(plane, "lost", { faults: { "*": { loseReports: true } } });
    await startAgent(test, host);
    await pods.create("lost", { pool: "lost" });
    const pod = await pods.until("lost", "running", (one) => isPodReady(one));
    expect(pod.metadata.annotations).not.toHaveProperty([lifecycleState]);
    host.faults.set({});
    await pods.untilIn("lost", "ready", 1);
  });

  it.concurrent("hold a deletion, and a guest that never answers", async (test) => {
    const host = new Host(plane, "holds", { faults: { "*": { neverReady: true, hang: ["destroy"] } } });
    await startAgent(test, host);
    await pods.create("holds", { pool: "holds" });
    expect(isPodReady(await pods.untilIn("holds", "ready", 1))).toBe(false);
    await pods.remove("holds");
    await until(
      "it is not saved",
      () => pulled(host, "holds", "latest"),
      (content) => content !== undefined,
    );
    expect((await pods.get("holds"))?.metadata).toHaveProperty("deletionTimestamp");
    host.faults.set({});
    await pods.untilGone("holds");
  });
});
