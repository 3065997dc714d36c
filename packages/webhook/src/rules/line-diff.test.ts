import { describe, expect, it } from "vitest";
import { lineDiff } from "./line-diff.js";
import { rules } from "./rules.js";

describe("lineDiff", () => {
  const changes = Object.entries(rules).flatMap(([id, { examples }]) =>
    Object.entries(examples ?? {}).flatMap(([kind, { before, manifests }]) =>
      before === undefined ? [] : [{ title: `${id}, ${kind}`, before, manifests }],
    ),
  );

  it.each(changes)("holds both texts of $title", ({ before, manifests }) => {
    const lines = lineDiff(before, manifests);
    const without = (left: string): string =>
      lines.flatMap(({ sign, text }) => (sign === left ? [] : `${text}\n`)).join("");
    expect([without("+"), without("-")]).toEqual([before, manifests]);
  });

  it("adds at the end what comes there", () => {
    expect(lineDiff("a\n", "a\nb\n")).toEqual([
      { sign: " ", text: "a" },
      { sign: "+", text: "b" },
    ]);
  });

  it("refuses an example whose lines have changed places", () => {
    expect(() => lineDiff("a\nb\n", "b\na\n")).toThrow("'a' is at another place now");
  });
});
