import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import vectors from "../../../../../test/data/vectors.json" with { type: "json" };
import { escapeJSONPointer, marshalPatch } from "./json-patch.js";
import { patched } from "./response.js";

describe("escapeJSONPointer", () => {
  it.each(vectors.escapeJSONPointer)("$in → $out", (vector) => {
    expect(escapeJSONPointer(vector.in)).toBe(vector.out);
  });
});

describe("marshalPatch", () => {
  it("keeps a null value and leaves out a missing one", () => {
    const text = Buffer.from(
      marshalPatch([
        { op: "add", path: "/a", value: null },
        { op: "remove", path: "/b" },
      ]),
      "base64",
    ).toString();
    expect(text).toBe('[{"op":"add","path":"/a","value":null},{"op":"remove","path":"/b"}]');
  });

  it("throws for what has no JSON", () => {
    const operation = { op: "add", path: "/a", value: 1n } as const;
    expect(() => marshalPatch([operation])).toThrow(TypeError);
    expect(() => patched([operation])).toThrow(TypeError);
  });
});

describe("patched", () => {
  it("allows, with the patch in the form of an AdmissionResponse", () => {
    expect(patched([{ op: "remove", path: "/b" }], { warnings: ["w"] })).toEqual({
      allowed: true,
      patchType: "JSONPatch",
      patch: "W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL2IifV0=",
      warnings: ["w"],
    });
  });
});
