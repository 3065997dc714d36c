import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.js";

const words = ["stray-pod", "scale-down", "second-hibernation", "schema", "sarif"];

describe("nearest", () => {
  it.each([
    ["stray-pods", "stray-pod"],
    ["scaledown", "scale-down"],
    ["second_hibernation", "second-hibernation"],
    ["sarfi", "sarif"],
    ["schema", "schema"],
    ["xyz", undefined],
    ["", undefined],
  ])("of %j is %j", (word, expected) => {
    expect(nearest(word, words)).toBe(expected);
  });

  it("takes no more changes than it may", () => {
    const upTo = (changes: number) => (): number => changes;
    expect(nearest("scaledwn", words, upTo(2))).toBe("scale-down");
    expect(nearest("scaledwn", words, upTo(1))).toBeUndefined();
  });

  it("counts two letters that changed places as one slip", () => {
    expect(nearest("TLS_SECERT", ["TLS_CERT", "TLS_SECRET"])).toBe("TLS_SECRET");
  });

  it("knows nothing without candidates", () => {
    expect(nearest<string>("text", [])).toBeUndefined();
  });
});
