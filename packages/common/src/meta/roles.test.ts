/* eslint-disable @typescript-eslint/no-deprecated -- what is deprecated is tested all the same */
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { inferRoleFromAgentSlot, inferRoleFromVMName } from "./roles.js";

describe("inferRoleFromAgentSlot", () => {
  it.each(vectors.inferRoleFromAgentSlot)("$in.slot → $out", ({ in: input, out }) => {
    expect(inferRoleFromAgentSlot(input.slot)).toBe(out);
  });
});

describe("inferRoleFromVMName", () => {
  it.each(vectors.inferRoleFromVMName)("$in.vmName → $out", ({ in: input, out }) => {
    expect(inferRoleFromVMName(input.vmName)).toBe(out);
  });
});
