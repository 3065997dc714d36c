import { expect, it } from "vitest";
import { terminalSvg, withoutColours } from "./terminal.js";

const svgOf = (output: string): string => terminalSvg({ title: "t", description: "d", output });
/** The pieces of text below the title, with their classes. */
const shown = (svg: string): string[] =>
  [...svg.matchAll(/<text x="[\d.]+" y="[\d.]+" textLength="[\d.]+"(?: class="([^"]*)")?>([^<]*)</g)].map(
    ([, style = "", text = ""]) => `${style}|${text}`,
  );

it("draws colours, which last until they are taken back, also on the next line", () => {
  expect(shown(svgOf("a \u001b[31mb\nc\u001b[0m d \u001b[1me"))).toEqual([
    "|a",
    "red|b",
    "red|c",
    "|d",
    "bold|e",
  ]);
});

it("goes on below where a line is too long, between words and as far in, and counts no colours", () => {
  // With the two spaces before it, as long as a line may be.
  const full = `one ${"x".repeat(92)} three`;
  expect(shown(svgOf(`  ${full}`))).toEqual([`|${full}`]);
  const long = svgOf(`  ${full} five`);
  expect(shown(long)).toEqual([`|${full}`, "|five"]);
  expect([...long.matchAll(/<text x="([\d.]+)" y="\d+" textLength/g)].map(([, x]) => x)).toEqual([
    "33.6",
    "33.6",
  ]);
  expect(shown(svgOf(`  \u001b[1m${full}\u001b[0m`))).toEqual([`bold|${full}`]);
});

it("writes text as text", () => {
  expect(shown(svgOf('<a & "b">'))).toEqual(["|&lt;a &amp; &quot;b&quot;&gt;"]);
});

it("refuses what it cannot draw", () => {
  expect(() => svgOf("\u001b[35mx")).toThrow("style 35 of a terminal cannot be drawn");
  expect(() => svgOf("\u001b[2Jx")).toThrow("an escape sequence that cannot be drawn");
});

it("withoutColours leaves the text alone", () => {
  expect(withoutColours("a \u001b[1;31mb\u001b[0m c")).toBe("a b c");
});
