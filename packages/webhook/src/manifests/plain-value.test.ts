import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, parse } from "yaml";
import { documentsIn } from "./compose.js";
import { plainValueOf } from "./plain-value.js";

function valueOf(text: string): unknown {
  const [document] = documentsIn(text);
  if (document === undefined) throw new Error("no document");
  expect(document.errors).toEqual([]);
  return plainValueOf(document);
}

describe("plainValueOf", () => {
  it("gives what the package itself makes of a document", () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("tree")),
        // Plain << is a merge key, which takes objects alone: its tests are below.
        fc.dictionary(
          fc.string().filter((key) => key !== "<<"),
          tie("tree"),
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        // One value in two places becomes an anchor and an alias.
        const text = new Document([value, { again: value }], { version: "1.1" }).toString({
          directives: false,
        });
        expect(JSON.stringify(valueOf(text))).toBe(
          JSON.stringify(parse(text, { merge: true, customTags: [] })),
        );
      }),
    );
  });

  it.each<[string, unknown]>([
    ["a: &x {b: 1}\nc: *x\n", { a: { b: 1 }, c: { b: 1 } }],
    ["- &x 1\n- &x 2\n- *x\n", [1, 2, 2]],
    ["a: &a {x: 1, z: 1}\nb: {<<: *a, x: 2}\n", { a: { x: 1, z: 1 }, b: { x: 2, z: 1 } }],
    ["a: {<<: [{x: 1}, {x: 2, z: 2}]}\n", { a: { x: 1, z: 2 } }],
    ["'<<': 1\n", { "<<": 1 }],
    ["a: &k b\n*k : 1\n", { a: "b", b: 1 }],
    ["7: 2\n010: 3\nyes: 4\n", { "7": 2, "8": 3, true: 4 }],
    ["a:\nb: ~\n", { a: null, b: null }],
    ["a: !mine 010\nb: !!str 010\nc: '010'\n", { a: "010", b: "010", c: "010" }],
    ["a: !!int '010'\nb: !!float 1\nc: !!bool 'on'\nd: !!null\n", { a: 8, b: 1, c: true, d: null }],
    ["a: !!timestamp 2026-01-31\nb: !!set {x}\n", { a: "2026-01-31", b: { x: null } }],
  ])("of %j is %j", (text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  it.each([
    ["a: .inf\n", "cannot be read: JSON has no number .inf", 3],
    ["a: -.INF\n", "cannot be read: JSON has no number -.INF", 3],
    ["a: {b: .NaN}\n", "cannot be read: JSON has no number .NaN", 7],
    ["a: !!int b\n", 'cannot be read: "b" is no !!int', 9],
    ["a: !!int 1.5\n", 'cannot be read: "1.5" is no !!int', 9],
    ["a: !!float b\n", 'cannot be read: "b" is no !!float', 11],
    ["a: !!bool 1\n", 'cannot be read: "1" is no !!bool', 10],
    ["a: !!null 1\n", 'cannot be read: "1" is no !!null', 10],
    ["~: 1\n", "cannot be read: null cannot be a key; quote it", 0],
  ])("refuses %j, as kubectl does", (text, message, offset) => {
    expect(() => valueOf(text)).toThrow(expect.objectContaining({ message, offset }) as Error);
  });

  it("takes every key for one of the object's own", () => {
    expect(Object.keys(valueOf("__proto__: {a: 1}\n") as object)).toEqual(["__proto__"]);
  });
});
