import { describe, expect, it } from "vitest";
import { requestCountsOf } from "./request-counts.js";

describe("requestCountsOf", () => {
  it("counts by verb and resource, wherever that is", () => {
    const requests = [
      { verb: "create", resource: "pods", namespace: "a" },
      { verb: "patch", resource: "cocoonsets/status", namespace: "a" },
      { verb: "create", resource: "pods", namespace: "b" },
    ];
    expect(requestCountsOf(requests)).toEqual({ "create pods": 2, "patch cocoonsets/status": 1 });
  });
});
