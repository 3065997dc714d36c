import { describe, expect, it } from "vitest";
import { tallyOf } from "./tally.js";

describe("tallyOf", () => {
  it("counts by verb and resource, wherever that is", () => {
    const requests = [
      { verb: "create", resource: "pods", namespace: "a" },
      { verb: "patch", resource: "cocoonsets/status", namespace: "a" },
      { verb: "create", resource: "pods", namespace: "b" },
    ];
    expect(tallyOf(requests)).toEqual({ "create pods": 2, "patch cocoonsets/status": 1 });
  });
});
