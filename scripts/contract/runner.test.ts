import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { adapters } from "./adapters.js";
import { type Adapter, parseVectors, replay, VectorFileError } from "./runner.js";

const recorded = path.resolve(import.meta.dirname, "../../test/data/vectors.json");

describe("the library", () => {
  it("answers every recorded vector as the reference does", async () => {
    const file = parseVectors(await readFile(recorded, "utf8"));
    const count = [...file.values()].flat().length;
    expect(replay(file, adapters)).toEqual({ passed: count, failed: 0, complaints: [] });
    expect(count).toBeGreaterThan(1600);
  });

  it("has no adapter that no vector asks", async () => {
    const file = parseVectors(await readFile(recorded, "utf8"));
    expect([...adapters.keys()].sort()).toEqual([...file.keys()].sort());
  });
});

const known = new Map<string, Adapter>([
  ["same", (input) => input],
  ["nothing", () => undefined],
  [
    "throws",
    () => {
      throw new RangeError("too far");
    },
  ],
]);

describe("replay", () => {
  it("shows each mismatch with input, expected and got", () => {
    const file = parseVectors('{"same":[{"in":1,"out":1},{"in":{"a":null},"out":{"a":0}}]}');
    expect(replay(file, known)).toEqual({
      passed: 1,
      failed: 1,
      complaints: ['same\n  input:    {"a":null}\n  expected: {"a":0}\n  got:      {"a":null}'],
    });
  });

  it("shows an exception, and a missing answer, as what they are", () => {
    const { failed, complaints } = replay(
      parseVectors('{"throws":[{"in":1,"out":1}],"nothing":[{"in":1,"out":null}]}'),
      known,
    );
    expect(failed).toBe(2);
    expect(complaints[0]).toMatch(/got: {6}an exception: RangeError: too far$/);
    expect(complaints[1]).toMatch(/got: {6}undefined$/);
  });

  it.each([
    ['{"other":[{"in":1,"out":1},{"in":1,"out":1}],"same":[{"in":1,"out":1}]}', 1, 2],
    ['{"other":[],"same":[{"in":1,"out":1}]}', 1, 1],
    ['{"constructor":[{"in":1,"out":1}]}', 0, 1],
  ])("fails for an unknown function: %s", (text, passed, failed) => {
    const result = replay(parseVectors(text), known);
    expect(result).toMatchObject({ passed, failed });
    expect(result.complaints[0]).toMatch(/^(other|constructor)\n {2}unknown function/);
  });
});

describe("parseVectors", () => {
  it.each([
    ["", "is empty"],
    [" \n", "is empty"],
    ["{", "is no JSON"],
    ["[]", "must be an object: function name → list of {in, out}"],
    ["null", "must be an object: function name → list of {in, out}"],
    ["{}", "holds no vector"],
    ['{"a":[],"b":[]}', "holds no vector"],
    ['{"a":{}}', "must have a list of {in, out} under 'a'"],
    ['{"a":[{"in":1}]}', "must have a list of {in, out} under 'a'"],
    ['{"a":[null]}', "must have a list of {in, out} under 'a'"],
  ])("refuses '%s': it %s", (text, message) => {
    expect(() => parseVectors(text)).toThrow(new VectorFileError(message));
  });
});
