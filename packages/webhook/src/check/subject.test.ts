import { expect, it } from "vitest";
import { keyOf, subjectIn } from "./subject.js";

it("an object is known by group, version, kind, namespace and name", () => {
  const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a", namespace: "b" } };
  expect(subjectIn(object, "default")).toEqual({
    ...{ group: "apps", version: "v1", kind: "Deployment", namespace: "b", name: "a", object },
  });
});

it("the core group is empty, and what is not said is the default namespace", () => {
  const subject = subjectIn({ apiVersion: "v1", kind: "Pod", metadata: { generateName: "a-" } }, "mine");
  expect(subject).toMatchObject({ group: "", version: "v1", namespace: "mine", name: "" });
});

it.each([
  {},
  [],
  "text",
  null,
  { kind: "Pod" },
  { apiVersion: "v1", kind: "" },
  { apiVersion: 1, kind: "Pod" },
])("%j does not say what it is", (object) => {
  expect(subjectIn(object, "default")).toBeUndefined();
});

it("two versions of an object have one key, and an object without a name has none", () => {
  const at = (apiVersion: string): string | undefined => {
    const subject = subjectIn({ apiVersion, kind: "X", metadata: { name: "a" } }, "default");
    return subject && keyOf(subject);
  };
  expect(at("g/v1")).toBe(at("g/v2"));
  expect(at("g/v1")).not.toBe(at("h/v1"));
  expect(keyOf({ group: "", kind: "Pod", namespace: "a", name: "" })).toBeUndefined();
});
