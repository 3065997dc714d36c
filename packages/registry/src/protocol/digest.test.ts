import { describe, expect, it } from "vitest";
import { digestOf, hasDigest, isDigest } from "./digest.js";

const content = Buffer.from("test");

describe("digestOf", () => {
  it("is the hash in lower-case hex behind the algorithm", () => {
    expect(digestOf(content)).toBe("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  });
});

describe("isDigest", () => {
  it.each([
    [digestOf(content), true],
    [digestOf(content, "sha512"), true],
    [digestOf(content).toUpperCase(), false],
    [`${digestOf(content)}0`, false],
    [`${digestOf(content)}\n`, false],
    ["md5:098f6bcd4621d373cade4e832627b4f6", false],
    [`sha512:${"0".repeat(64)}`, false],
    ["", false],
  ])("of %j is %j", (text, expected) => {
    expect(isDigest(text)).toBe(expected);
  });
});

describe("hasDigest", () => {
  it.each(["sha256", "sha512"] as const)("compares by %s", (algorithm) => {
    expect(hasDigest(content, digestOf(content, algorithm))).toBe(true);
    expect(hasDigest(Buffer.from("text"), digestOf(content, algorithm))).toBe(false);
  });
});
