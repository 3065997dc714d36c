import { describe, expect, it } from "vitest";
import { agentPod, cocoonSet, setView } from "../../../../test/support/operator/objects.js";
import { recorded } from "../../../../test/support/operator/planned.js";
import { heldVMNames } from "./held-vm-names.js";

const pods = [agentPod(setView(), 0), agentPod(setView({ metadata: { uid: "another" } }), 1)];

describe("heldVMNames", () => {
  it("names the VMs of the set's own pods", () => {
    expect([...heldVMNames(cocoonSet(), pods)]).toEqual(["vk-shop-demo-0"]);
  });

  it("names the VMs that may have nothing but a snapshot, and those that have tags that are to go", () => {
    const annotations = {
      ...recorded({ "vk-shop-demo-2": { state: "saved", since: "2026-01-01T00:00:00Z" } }),
      "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-3",
    };
    expect([...heldVMNames(cocoonSet({ annotations }), [])]).toEqual(["vk-shop-demo-2", "vk-shop-demo-3"]);
  });

  it("names the VMs that the status tells of, because those of earlier operators sleep without a record", () => {
    const status = {
      agents: [{ slot: 0, role: "main", podName: "demo-0", vmName: "vk-shop-demo-0" }],
      toolboxes: [{ name: "db", podName: "demo-db", vmName: "vk-shop-demo-db" }],
    };
    expect([...heldVMNames(cocoonSet({ status }), [])]).toEqual(["vk-shop-demo-0", "vk-shop-demo-db"]);
  });

  it("names none of another set's, of which this one is a copy", () => {
    const annotations = {
      ...recorded({ "vk-prod-demo-0": { state: "saved", since: "2026-01-01T00:00:00Z" } }),
      "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-other-3",
    };
    expect([...heldVMNames(cocoonSet({ annotations }), [])]).toEqual([]);
  });

  it("names none of a set that has nothing yet", () => {
    expect(heldVMNames(cocoonSet(), [])).toEqual(new Set());
  });
});
