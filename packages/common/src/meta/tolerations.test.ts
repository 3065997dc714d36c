import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { hasCocoonTolerationKey } from "./tolerations.js";

describe("hasCocoonTolerationKey", () => {
  it.each(vectors.hasCocoonTolerationKey)("$in → $out", (vector) => {
    expect(hasCocoonTolerationKey(vector.in.tolerations)).toBe(vector.out);
  });

  it("takes null for an item that says nothing, as Go's decoder does", () => {
    expect(hasCocoonTolerationKey([null])).toBe(false);
    expect(hasCocoonTolerationKey([null, { key: "virtual-kubelet.io/provider" }])).toBe(true);
  });
});
