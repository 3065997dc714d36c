import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePatchOf } from "./merge-patch-of.js";

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 7386, section 2, line by line. */
function applied(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, applied(result.get(name) ?? null, value));
  }
  return Object.fromEntries(result);
}

describe("the independent apply does what the RFC's examples say", () => {
  it.each<[Json, Json, Json]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "foo" }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j and %j give %j", (target, patch, result) => {
    expect(applied(target, patch)).toEqual(result);
  });
});

describe("mergePatchOf", () => {
  it.each([
    ["nothing to do", { a: [1, { b: null }] }, { a: [1, { b: null }] }, undefined],
    ["a field that is new", {}, { a: 1 }, { a: 1 }],
    ["a field that is gone", { a: 1, b: 2 }, { b: 2 }, { a: null }],
    ["a field deep down", { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1, d: 3 } } }, { a: { b: { d: 3 } } }],
    ["a list, whole", { a: [1, 2, 3] }, { a: [1, 2] }, { a: [1, 2] }],
    ["an empty object that is new", {}, { a: {} }, { a: {} }],
    ["an object in place of text", { a: "x" }, { a: { b: 1 } }, { a: { b: 1 } }],
    ["everything from nothing", undefined, { a: 1 }, { a: 1 }],
    ["an empty object from nothing", undefined, {}, {}],
    ["undefined as missing", { a: 1, b: undefined }, { a: undefined, c: undefined }, { a: null }],
    ["null as missing", { a: null, b: 1 }, { b: null, c: null }, { b: null }],
    ["undefined in a list as null", { a: [null] }, { a: [undefined] }, undefined],
    ["the order of keys as nothing", { a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] }, undefined],
  ])("%s", (_name, before, after, patch) => {
    expect(mergePatchOf(before, after)).toStrictEqual(patch);
  });

  it("takes no key for an inherited one", () => {
    const patch = mergePatchOf({ toString: "a" }, JSON.parse('{"__proto__":{"a":1},"constructor":"b"}'));
    expect(JSON.stringify(patch)).toBe('{"toString":null,"__proto__":{"a":1},"constructor":"b"}');
  });
});

const keys = fc.constantFrom("a", "b", "c", "__proto__", "constructor", "");
const anyJson = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false, 0, 1, "", "x"),
    fc.dictionary(keys, tie("json")),
    fc.array(tie("json"), { maxLength: 3 }),
  ),
})).json;

/** Without what no merge patch can say: null as the value of a field. Inside lists it can. */
function withoutNullFields(value: Json): Json {
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(set.map(([key, member]) => [key, withoutNullFields(member)]));
}
const json = anyJson.map(withoutNullFields);
const changeless = (before: Json, after: Json): boolean => mergePatchOf(before, after) === undefined;

describe("for any two documents", () => {
  it("the patch applied to the one gives the other", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const patch = mergePatchOf(before, after) as Json | undefined;
        expect(patch === undefined ? before : applied(before, patch)).toEqual(after);
      }),
      { numRuns: 2_000 },
    );
  });

  it("there is no patch exactly where they are equal", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(changeless(before, structuredClone(before))).toBe(true);
        expect(changeless(before, after)).toBe(canonical(before) === canonical(after));
      }),
      { numRuns: 2_000 },
    );
  });

  it("nothing is said about what stays, and neither is changed", () => {
    fc.assert(
      fc.property(fc.dictionary(keys, json), fc.dictionary(keys, json), (before, after) => {
        const texts = [JSON.stringify(before), JSON.stringify(after)];
        const patch = mergePatchOf(before, after) ?? {};
        for (const key of Object.keys(patch)) {
          expect(changeless(own(before, key), own(after, key))).toBe(false);
        }
        expect([JSON.stringify(before), JSON.stringify(after)]).toEqual(texts);
      }),
    );
  });
});

const own = (record: Readonly<Record<string, Json>>, key: string): Json =>
  Object.hasOwn(record, key) ? (record[key] ?? null) : null;

/** JSON with sorted keys. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${entries.toSorted().join()}}`;
}
