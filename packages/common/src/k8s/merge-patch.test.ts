import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { annotationsMergePatch, statusMergePatch } from "./merge-patch.js";

describe("statusMergePatch", () => {
  it.each(vectors.statusMergePatch)("$in", ({ in: input, out }) => {
    expect(statusMergePatch(input.status)).toEqual(out);
  });
});

describe("annotationsMergePatch", () => {
  it.each(vectors.annotationsMergePatch)("as the reference (%#)", ({ in: input, out }) => {
    expect(annotationsMergePatch(input.annotations)).toEqual(out);
  });
});
