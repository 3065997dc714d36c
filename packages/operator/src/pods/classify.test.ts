import { describe, expect, it } from "vitest";
import { agentPod, setView, toolboxPod } from "../../../../test/support/operator/objects.js";
import type { PodView } from "../model/index.js";
import { classifyPods } from "./classify.js";

const set = setView();
const labels = (role: string, slot: string): object => ({
  "cocoonset.cocoonstack.io/name": "demo",
  "cocoonset.cocoonstack.io/role": role,
  "cocoonset.cocoonstack.io/slot": slot,
});
const sub = (metadata: object): PodView => agentPod(set, 1, { metadata: { ...metadata } });

describe("classifyPods", () => {
  it("sorts by role and slot", () => {
    const pods = [toolboxPod(set, { name: "db" }), agentPod(set, 12), agentPod(set, 1), agentPod(set, 0)];
    const { main, subAgents, toolboxes, unknown } = classifyPods(pods, set);
    expect(main?.metadata.name).toBe("demo-0");
    expect([...subAgents.keys()]).toEqual([1, 12]);
    expect([...toolboxes.keys()]).toEqual(["db"]);
    expect(unknown).toEqual([]);
  });

  it.each([
    [
      "another set's label",
      { labels: { ...labels("sub-agent", "1"), "cocoonset.cocoonstack.io/name": "other" } },
    ],
    ["no owner", { ownerReferences: [] }],
    ["an owner that does not control it", { ownerReferences: [{ kind: "CocoonSet", uid: "set-uid" }] }],
    [
      "an earlier set of the same name",
      { ownerReferences: [{ kind: "CocoonSet", uid: "old", controller: true }] },
    ],
    ["an owner of another kind", { ownerReferences: [{ kind: "Job", uid: "set-uid", controller: true }] }],
    ["its end before it", { deletionTimestamp: "2026-03-01T11:59:00Z" }],
  ])("leaves out a pod with %s, which holds its name all the same", (_, metadata) => {
    const { subAgents, unknown, holders } = classifyPods([sub(metadata)], set);
    expect([subAgents.size, unknown.length]).toEqual([0, 0]);
    expect([...holders.keys()]).toEqual(["demo-1"]);
  });

  it.each([
    ["no role", {}],
    ["a role that nobody knows", labels("backup", "1")],
    ["a slot that is no number", labels("sub-agent", "one")],
    ["a slot with a sign", labels("sub-agent", "+1")],
    ["a slot that is written otherwise", labels("sub-agent", "01")],
  ])("does not know a pod with %s", (_, roleAndSlot) => {
    const pod = sub({ labels: { "cocoonset.cocoonstack.io/name": "demo", ...roleAndSlot } });
    expect(classifyPods([pod], set).unknown).toEqual([pod]);
  });

  it("takes one main agent and no second", () => {
    const second = agentPod(set, 0, { metadata: { name: "demo-x" } });
    const { main, unknown } = classifyPods([second, agentPod(set, 0)], set);
    expect([main?.metadata.name, unknown]).toEqual(["demo-0", [second]]);
  });
});
