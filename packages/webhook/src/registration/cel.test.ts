import { describe, expect, it } from "vitest";
import { celList, celSentence, celText, gap } from "./cel.js";

describe("celText", () => {
  it("quotes a text, and escapes what would end it", () => {
    expect(celText("pod")).toBe("'pod'");
    expect(celText("a'b\\c\nd\re")).toBe("'a\\'b\\\\c\\nd\\re'");
  });
});

describe("celList", () => {
  it("quotes each", () => {
    expect(celList(["a", "b'"])).toBe("['a', 'b\\'']");
    expect(celList([])).toBe("[]");
  });
});

describe("celSentence", () => {
  it("joins words and expressions", () => {
    expect(celSentence(`pod ${gap("request.name")} isn't "here"`)).toBe(
      "'pod ' + request.name + ' isn\\'t \"here\"'",
    );
  });

  it("begins and ends with an expression, or consists of one", () => {
    expect(celSentence(`${gap("a")} and ${gap("b")}`)).toBe("a + ' and ' + b");
    expect(celSentence(gap("a"))).toBe("a");
    expect(celSentence("words")).toBe("'words'");
  });
});
