import { describe, expect, it } from "vitest";
import { isRepository, isTag } from "./names.js";

describe("isRepository", () => {
  it.each(["vk-shop-demo-0", "team/vms/vk-a-b-0", "a", "a__b/c--d.e_f"])("takes %s", (name) => {
    expect(isRepository(name)).toBe(true);
  });

  it.each([
    "",
    "Upper",
    "a//b",
    "/a",
    "a/",
    "../a",
    "a/..",
    "a..b",
    "a b",
    "a:b",
    "a@b",
    "-a",
    "a?b",
    "a%2fb",
    "a".repeat(256),
  ])("refuses %j", (name) => {
    expect(isRepository(name)).toBe(false);
  });
});

describe("isTag", () => {
  it.each(["hibernate", "latest", "_a", "v1.2-RC3"])("takes %s", (tag) => {
    expect(isTag(tag)).toBe(true);
  });

  it.each(["", ".a", "-a", "a/b", "a:b", "a?b", "a\n", "a".repeat(129)])("refuses %j", (tag) => {
    expect(isTag(tag)).toBe(false);
  });
});
