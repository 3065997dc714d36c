import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { shouldSnapshotVM } from "./should-snapshot-vm.js";

describe("shouldSnapshotVM", () => {
  it.each(vectors.shouldSnapshotVM)("$in.snapshotPolicy, $in.vmName → $out", ({ in: input, out }) => {
    expect(shouldSnapshotVM(input)).toBe(out);
  });
});
