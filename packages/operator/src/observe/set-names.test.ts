import { expect, it } from "vitest";
import { prefixesOf, vmBase } from "./set-names.js";

it("sets whose VMs may share a name are found by what their names begin with", () => {
  // The toolbox c-0 of set b in a, and the main agent of set c in a-b: vk-a-b-c-0 both.
  expect(prefixesOf(vmBase("a-b", "c"))).toContain(vmBase("a", "b"));
  // The set b-c in a, and the set c in a-b.
  expect(vmBase("a", "b-c")).toBe(vmBase("a-b", "c"));
  expect(prefixesOf(vmBase("a", "bc"))).not.toContain(vmBase("a", "b"));
});
