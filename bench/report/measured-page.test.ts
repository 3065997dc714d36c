import { describe, expect, it } from "vitest";
import { withSections } from "./measured-page.js";

const block = (name: string, text: string): string =>
  `<!-- measured ${name}: begin -->\n\n${text}\n\n<!-- measured ${name}: end -->`;
const page = ["# Speed", block("requests", "old requests"), block("idle", "old idle"), "The end."].join(
  "\n\n",
);
const order = ["requests", "scale", "idle"];

describe("withSections", () => {
  it("leaves alone what was not measured", () => {
    expect(withSections(page, [{ name: "idle", text: "new idle" }], order)).toBe(
      page.replace("old idle", "new idle"),
    );
  });

  it("puts a section that is new where it belongs", () => {
    const text = withSections(page, [{ name: "scale", text: "new scale" }], order);
    expect(text).toBe(
      [
        "# Speed",
        block("requests", "old requests"),
        block("scale", "new scale"),
        block("idle", "old idle"),
        "The end.",
      ].join("\n\n"),
    );
  });

  it("refuses a page without marks", () => {
    expect(() => withSections("# Speed\n", [{ name: "idle", text: "" }], order)).toThrow("lost its marks");
  });
});
