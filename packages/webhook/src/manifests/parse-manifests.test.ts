import { describe, expect, it } from "vitest";
import { parseManifests } from "./parse-manifests.js";

const values = (text: string): unknown[] =>
  parseManifests("a.yaml", text).manifests.map(({ value }) => value);

const placesOf = (text: string, field: string): string[] =>
  parseManifests("a.yaml", text).manifests.map(({ placeOf }) => {
    const { file, line, column } = placeOf(field);
    return `${file}:${line}:${column}`;
  });

describe("parseManifests", () => {
  it.each([
    [
      "documents, the empty ones left out",
      "---\n---\na: 1\n--- # nothing\n---\nb: 2\n",
      [{ a: 1 }, { b: 2 }],
    ],
    ["JSON with tabs", '{\n\t"a": [\n\t\t1\n\t]\n}\n', [{ a: [1] }]],
    ["JSON objects in a row", '{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
    ["nothing", "# a comment\n", []],
    [
      "the booleans of YAML 1.1, which kubectl reads",
      "a: yes\nb: off\nc: 'on'\n",
      [{ a: true, b: false, c: "on" }],
    ],
    [
      "anchors and merge keys",
      "a: &a {b: 1}\nc: {<<: *a}\nd: *a\n",
      [{ a: { b: 1 }, c: { b: 1 }, d: { b: 1 } }],
    ],
    ["times as text", "a: 2026-01-31T12:00:00Z\n", [{ a: "2026-01-31T12:00:00Z" }]],
    [
      "what a List holds",
      "kind: List\nitems: [{kind: A}, {kind: List, items: [{kind: B}]}]",
      [{ kind: "A" }, { kind: "B" }],
    ],
    [
      "what a list of one kind holds, with the kind",
      "apiVersion: v1\nkind: PodList\nitems: [{metadata: {}}]",
      [{ apiVersion: "v1", kind: "Pod", metadata: {} }],
    ],
  ])("reads %s", (_, text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(parseManifests("a.yaml", text).faults).toEqual([]);
  });

  it.each([
    ["a: 1\nb: [\n", 3, 1, /^is not YAML: Flow sequence/],
    ["a: 1\n---\nb: 1\nb: 2\n", 4, 1, /^cannot be read: the key "b" stands twice/],
    ['{"a": 1,\n "a": 2}', 2, 2, /^cannot be read: the key "a" stands twice/],
    ["1: a\n'1': b\n", 2, 1, /^cannot be read: the key "1" stands twice/],
    ["? [a]\n: 1\n", 1, 3, /^cannot be read: an object or a list cannot be a key/],
    ["a: 1\nb: *nowhere\n", 2, 4, /^cannot be read: there is no anchor &nowhere/],
    ["a: &a [*a]\n", 1, 8, /^cannot be read: this alias stands in what it stands for/],
    ['{"a": 1}\n{"b": 1e400}', 2, 7, /^cannot be read: this number is larger than any/],
    ["<<: 7\n", 1, 1, /^cannot be read: << takes an object/],
    ["{a: 1}\n{b: 2", 2, 6, /^is not YAML: Flow map/],
  ])("says where %j is broken", (text, line, column, message) => {
    const { faults } = parseManifests("a.yaml", text);
    const fault = { file: "a.yaml", line, column, message: expect.stringMatching(message) as string };
    expect(faults).toEqual([fault]);
  });

  it("reads the other documents of a file with a broken one", () => {
    expect(values("a: 1\n---\nb: b: b\n---\nc: 1\n")).toEqual([{ a: 1 }, { c: 1 }]);
  });
});

describe("places", () => {
  const text =
    "# first\na: 1\n---\nkind: X\nspec:\n  list:\n    - name: a\n    - &two\n      name: b\n  again: *two\n";

  it.each([
    ["", "a.yaml:4:1"],
    ["spec.list", "a.yaml:6:3"],
    ["spec.list[0]", "a.yaml:7:7"],
    ["spec.list[1].name", "a.yaml:9:7"],
    ["spec.again.name", "a.yaml:9:7"],
  ])("of %j", (field, place) => {
    expect(placesOf(text, field).at(-1)).toBe(place);
  });

  it.each(["spec.list[7].name", "spec.list.name"])("of %j, which is missing, are of the list", (field) => {
    expect(placesOf(text, field).at(-1)).toBe("a.yaml:6:3");
  });

  it("go through Lists and rows of JSON", () => {
    expect(placesOf("kind: List\nitems:\n  - kind: A\n    spec: 1\n", "spec")).toEqual(["a.yaml:4:5"]);
    expect(placesOf('{"a":1}\n{\n  "a":2}\n', "a")).toEqual(["a.yaml:1:2", "a.yaml:3:3"]);
  });
});
