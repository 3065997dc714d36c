import { describe, expect, it } from "vitest";
import { agentPod, setView } from "../../../../test/support/operator/objects.js";
import { namesOwnVM } from "./own-vm-name.js";

describe("namesOwnVM", () => {
  it.each([
    ["vk-shop-demo-0", true],
    ["vk-bank-demo-0", false],
    // Of the pod 2-demo-0 here, and of demo-0 in the namespace shop-2.
    ["vk-shop-2-demo-0", false],
    ["vk-shop-demo-1", false],
    ["", false],
  ])("of pod demo-0 in shop with %j is %s", (vmName, isOwn) => {
    const pod = agentPod(setView(), 0, { annotations: { "vm.cocoonstack.io/name": vmName } });
    expect(namesOwnVM("shop", pod)).toBe(isOwn);
  });
});
