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
  it("gives what the package itself makes of a document", { timeout: 60_000 }, () => {
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
        fc.dictionary(fc.string(), tie("tree")),
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
    ["~: 1\n7: 2\n", { "": 1, "7": 2 }],
    ["a:\nb: ~\n", { a: null, b: null }],
    ["a: .inf\n", { a: null }],
    ["a: !mine b\n", { a: "b" }],
  ])("of %j is %j", (text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  it("takes every key for one of the object's own", () => {
    expect(Object.keys(valueOf("__proto__: {a: 1}\n") as object)).toEqual(["__proto__"]);
  });
});
