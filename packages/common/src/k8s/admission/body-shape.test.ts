import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { shapeFault } from "./body-shape.js";

const mebibyte = 1024 * 1024;
const long = (text: string): Buffer => Buffer.from(text + " ".repeat(mebibyte));

describe("a long body that JSON.parse would make too much of is known before", () => {
  it.each([
    ["lists in lists", "[".repeat(10_001) + "]".repeat(10_001), "nests more than 10000 deep"],
    ["objects in objects", '{"a":'.repeat(10_001), "nests more than 10000 deep"],
    ["many objects", `[${"{},".repeat(1_000_000)}0]`, "holds more than 1000000 objects and lists"],
    ["depth behind a string", `["\\"]",${"[".repeat(10_000)}`, "nests more than 10000 deep"],
  ])("%s", (_, text, fault) => {
    expect(shapeFault(long(text))).toBe(fault);
  });
});

describe("what may be parsed", () => {
  it.each([
    ["as deep as may be", "[".repeat(10_000) + "]".repeat(10_000)],
    ["as many as may be", `[${"{},".repeat(999_999)}0]`],
    ["a string of brackets", `"${"[{".repeat(600_000)}"`],
    ["a string of brackets that does not end", `"${"[{".repeat(600_000)}\\`],
    ["brackets behind escaped quotes", `"${'\\"['.repeat(400_000)}"`],
    ["nothing but ends", "]".repeat(20_000)],
  ])("%s", (_, text) => {
    expect(shapeFault(long(text))).toBeUndefined();
  });

  it("a short one, whatever it is", () => {
    expect(shapeFault(Buffer.from("[".repeat(mebibyte)))).toBeUndefined();
  });

  it("a million escaped quotes, in linear time: in quadratic, they would take longer than a test may", () => {
    expect(shapeFault(long(`["${'\\"'.repeat(mebibyte)}"]`))).toBeUndefined();
  });
});
