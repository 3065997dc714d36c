import type { KubeObject } from "@cocoonstack/machinery/informer";
import { describe, expect, it } from "vitest";
import { cocoonSet } from "../../../../test/support/operator/objects.js";
import { storedSet } from "./stored.js";

const asObject = (set: object): KubeObject => set as KubeObject;

describe("storedSet", () => {
  it("keeps a set as it is, but for who wrote which field", () => {
    const set = cocoonSet({ metadata: { managedFields: [{ manager: "kubectl" }] } });
    const { value, fault, isGone } = storedSet(asObject(set));
    expect(value).toMatchObject(cocoonSet());
    expect(JSON.stringify(value)).not.toContain("kubectl");
    expect([fault, isGone]).toEqual([undefined, false]);
  });

  it("keeps of one that cannot be read whose it is and what is written on it", () => {
    const annotations = { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-1" };
    const set = cocoonSet({ agent: { replicas: "two" }, annotations });
    const { value, fault } = storedSet(asObject(set));
    expect(fault).toBe(
      "CocoonSet shop/demo cannot be read: spec.agent.replicas must be an integer, not a string",
    );
    expect(value.metadata).toMatchObject({ namespace: "shop", name: "demo", uid: "set-uid", annotations });
    expect(value.spec).toBeUndefined();
  });

  it("and at least whose it is, where even that cannot be read", () => {
    const set = cocoonSet({ metadata: { generation: "three" } });
    expect(storedSet(asObject(set)).value).toEqual({
      metadata: { namespace: "shop", name: "demo", uid: "set-uid", resourceVersion: "7" },
    });
  });

  it("knows one that nothing holds any more", () => {
    const deletionTimestamp = "2026-03-01T12:00:00Z";
    const held = cocoonSet({ metadata: { deletionTimestamp } });
    const free = cocoonSet({ metadata: { deletionTimestamp, finalizers: [] } });
    expect([storedSet(asObject(held)).isGone, storedSet(asObject(free)).isGone]).toEqual([false, true]);
  });
});
