import { describe, expect, it } from "vitest";
import { hasColours, painter, visible } from "./index.js";

describe("hasColours", () => {
  it("is for terminals, unless whoever sits there wants none", () => {
    expect(hasColours({ isTTY: true }, {})).toBe(true);
    expect(hasColours({ isTTY: true }, { NO_COLOR: "" })).toBe(true);
    expect(hasColours({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(hasColours({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(hasColours({}, {})).toBe(false);
    expect(hasColours({}, { FORCE_COLOR: "1" })).toBe(true);
    expect(hasColours({}, { FORCE_COLOR: "" })).toBe(false);
    expect(hasColours({}, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });
});

describe("painter", () => {
  it("colours a text, and ends the colour with it", () => {
    expect(painter(true)("red", "no")).toBe("\u001B[31mno\u001B[0m");
  });

  it("leaves it plain where there are no colours", () => {
    expect(painter(false)("red", "no")).toBe("no");
  });
});

describe("visible", () => {
  it("shows control characters instead of passing them on", () => {
    expect(visible("a\u001B[2Jb\nc\u009Bd")).toBe("a\uFFFD[2Jb\uFFFDc\uFFFDd");
  });
});
