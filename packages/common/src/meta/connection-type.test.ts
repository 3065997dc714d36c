import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { connectionType } from "./connection-type.js";

describe("connectionType", () => {
  it.each(vectors.connectionType)("$in → $out", ({ in: input, out }) => {
    expect(connectionType(input)).toBe(out);
  });

  it("takes null for what is not set", () => {
    expect(connectionType({ override: null, osType: null, hasVNCPort: false })).toBe("ssh");
  });
});
