import { describe, expect, expectTypeOf, it } from "vitest";
import type { CocoonHibernation, CocoonSet } from "../apis/v1/index.js";
import { DecodeError, decodeUnstructured } from "./decode-unstructured.js";

const apiVersion = "cocoonset.cocoonstack.io/v1";
const set = { apiVersion, kind: "CocoonSet", metadata: { name: "demo" }, spec: { agent: { image: "a" } } };
const hibernation = { spec: { podRef: { name: "demo-0" }, desire: "Wake" } };

it("gives back an object of the kind's type", () => {
  const decoded = decodeUnstructured({ ...set, status: null }, "CocoonSet");
  expectTypeOf(decoded).toEqualTypeOf<CocoonSet>();
  expect(decoded).toStrictEqual(set);
  const other = decodeUnstructured(hibernation, "CocoonHibernation");
  expectTypeOf(other).toEqualTypeOf<CocoonHibernation>();
  expect(other).toStrictEqual(hibernation);
});

describe("names the path of the first fault", () => {
  it.each([
    [undefined, "CocoonSet", "", "CocoonSet: must be an object, not undefined"],
    [[set], "CocoonSet", "", "CocoonSet: must be an object, not an array"],
    [{ kind: "CocoonSet" }, "CocoonSet", "spec", "CocoonSet: spec must be set"],
    [set, "CocoonHibernation", "kind", "CocoonHibernation: kind must be CocoonHibernation"],
    [{ ...set, kind: 5 }, "CocoonSet", "kind", "CocoonSet: kind must be CocoonSet"],
    [
      { ...set, apiVersion: "cocoonset.cocoonstack.io/v2" },
      "CocoonSet",
      "apiVersion",
      `CocoonSet: apiVersion must be ${apiVersion}`,
    ],
    [
      { spec: { agent: { image: "a", mode: "walk" } } },
      "CocoonSet",
      "spec.agent.mode",
      "CocoonSet: spec.agent.mode must be one of clone, run",
    ],
    [
      { spec: { ...hibernation.spec, podRef: { name: "" } } },
      "CocoonHibernation",
      "spec.podRef.name",
      "CocoonHibernation: spec.podRef.name must not be empty",
    ],
  ] as const)("%j as %s", (value, kind, path, message) => {
    const decode = (): unknown => decodeUnstructured(value, kind);
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(expect.objectContaining({ kind, path, message }));
  });
});
