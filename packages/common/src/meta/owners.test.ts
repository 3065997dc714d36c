import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { isOwnedByCocoonSet, ownerDeploymentName } from "./owners.js";

describe("isOwnedByCocoonSet", () => {
  it.each(vectors.isOwnedByCocoonSet)("$in → $out", (vector) => {
    expect(isOwnedByCocoonSet(vector.in.ownerReferences)).toBe(vector.out);
  });
});

describe("ownerDeploymentName", () => {
  it.each(vectors.ownerDeploymentName)("$in → $out", (vector) => {
    expect(ownerDeploymentName(vector.in.ownerReferences) ?? null).toBe(vector.out);
  });

  it("cuts at the last hyphen of the first ReplicaSet that has one", () => {
    const owner = (kind: string, name: string): { kind: string; name: string } => ({ kind, name });
    const owners = [owner("ReplicaSet", "plain"), owner("Job", "x-1"), owner("ReplicaSet", "a-b-5d4")];
    expect(ownerDeploymentName(owners)).toBe("a-b");
  });
});

it("null is an owner that says nothing, as to Go's decoder", () => {
  expect(isOwnedByCocoonSet([null])).toBe(false);
  expect(isOwnedByCocoonSet([null, { kind: "CocoonSet" }])).toBe(true);
  const owners = [null, { kind: "ReplicaSet" }, { kind: "ReplicaSet", name: null }];
  expect(ownerDeploymentName(owners)).toBeUndefined();
  expect(ownerDeploymentName([...owners, { kind: "ReplicaSet", name: "a-b" }])).toBe("a");
});
