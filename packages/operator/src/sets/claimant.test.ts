import { describe, expect, it } from "vitest";
import { cocoonSet } from "../../../../test/support/operator/objects.js";
import { claimantOf } from "./claimant.js";

const unreadable = cocoonSet({ annotations: { "cocoonset.cocoonstack.io/snapshots": "{" } });

describe("claimantOf", () => {
  it("has no doubt about a set that can be read", () => {
    expect(claimantOf(cocoonSet(), [], undefined).doubt).toBeUndefined();
  });

  it("says why nobody knows which VMs of a set sleep", () => {
    const doubt = "its annotation cocoonset.cocoonstack.io/snapshots cannot be read";
    expect(claimantOf(unreadable, [], undefined).doubt).toBe(doubt);
    expect(claimantOf(unreadable, [], "spec: must be an object").doubt).toBe("spec: must be an object");
  });
});
