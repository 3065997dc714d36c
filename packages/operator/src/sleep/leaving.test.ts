import { describe, expect, it } from "vitest";
import { ownerAnnotations } from "../model/index.js";
import { leavingChanges, readLeaving } from "./leaving.js";

describe("the names of VMs that leave", () => {
  it.each([
    ["", []],
    ["vk-a", ["vk-a"]],
    ["vk-b,,vk-a,vk-b", ["vk-b", "vk-a"]],
  ])("are read from %j", (text, names) => {
    expect([...readLeaving({ [ownerAnnotations.leaving]: text })]).toEqual(names);
  });

  it("are written sorted, and not at all when there are none", () => {
    expect(leavingChanges(new Set(["vk-b", "vk-a"]))).toEqual({ [ownerAnnotations.leaving]: "vk-a,vk-b" });
    expect(leavingChanges(new Set())).toEqual({ [ownerAnnotations.leaving]: null });
  });
});
