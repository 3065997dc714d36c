import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { vmAnnotations } from "@cocoonstack/common/meta";
import { afterAll, describe, expect, it } from "vitest";
import { NodeProcess } from "../../support/node/node-process.js";
import { podsOnNodes } from "../../support/node/pods-on-nodes.js";
import { good } from "../../support/person.js";

const { plane, pods } = podsOnNodes("node-process");
const { hibernate, id } = vmAnnotations;
const stateDir = mkdtempSync(path.join(tmpdir(), "cocoon-node-"));
const env = { KUBECONFIG: plane.kubeconfig("admin") };
const start = (...args: readonly string[]): Promise<NodeProcess> =>
  NodeProcess.start(["--name", "process", "--pool", "process", "--state-dir", stateDir, ...args], env);
const node = async (): Promise<unknown> => (await plane.request("GET", "/api/v1/nodes/process")).body;
const setFaults = async (faults: string): Promise<void> => {
  const patch = { metadata: { annotations: { "simulated.cocoonstack.io/faults": faults } } };
  const contentType = "application/merge-patch+json";
  await good(plane.request("PATCH", "/api/v1/nodes/process", patch, { contentType }));
};

afterAll(() => {
  rmSync(stateDir, { recursive: true });
});

describe("cocoon-node", () => {
  it("keeps its VMs in a folder, and goes on with them after SIGTERM and SIGKILL", async () => {
    const first = await start();
    await pods.create("kept", { pool: "process" });
    const up = await pods.untilIn("kept", "ready", 1);
    expect(readdirSync(stateDir)).toEqual(["vk-node-process-kept.json"]);
    expect((await first.stop()).code).toBe(0);
    expect(await node()).toMatchObject({ kind: "Node" });

    const second = await start();
    expect((await pods.untilIn("kept", "ready", 1)).metadata.annotations[id]).toBe(
      up.metadata.annotations[id],
    );
    second.kill("SIGKILL");
    await second.exited();

    await using third = await start();
    await pods.annotate("kept", { "cocoonset.cocoonstack.io/generation": "2" });
    expect((await pods.untilIn("kept", "ready", 2)).metadata.annotations[id]).toBe(
      up.metadata.annotations[id],
    );
    await pods.remove("kept");
    await pods.untilGone("kept");
    expect(readdirSync(stateDir)).toEqual([]);
    await third.logged("lifecycle");
  });

  it("takes faults from its Node, and says which it cannot read", async () => {
    await using agent = await start();
    await setFaults('{"vk-node-process-*": {"hangs": ["push"]}}');
    expect((await agent.logged("the faults cannot be read"))["faults"]).toEqual([
      expect.stringMatching(/^hangs of vk-node-process-\* is unknown; there are delayMs, fail, hang,/),
    ]);
    await setFaults('{"vk-node-process-*": {"hang": ["push"]}}');
    await pods.create("faulty", { pool: "process" });
    await pods.untilIn("faulty", "ready", 1);
    await pods.annotate("faulty", { [hibernate]: "true" });
    await pods.untilIn("faulty", "hibernating", 1);
    await setFaults('{"*": {"crashAfter": ["push"]}}');
    const { code, stderr } = await agent.exited();
    expect([code, stderr]).toEqual([
      1,
      "cocoon-node: the agent was made to crash after push of vk-node-process-faulty\n",
    ]);
    await setFaults("");
    await using successor = await start();
    await pods.untilIn("faulty", "hibernated", 1);
    await pods.remove("faulty");
    await pods.untilGone("faulty");
    expect((await successor.stop()).code).toBe(0);
  });

  it("leaves the cluster for good when it is told to", async () => {
    const agent = await start("--remove-node");
    expect((await agent.stop()).code).toBe(0);
    expect(await node()).toMatchObject({ code: 404 });
  });
});
