import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { decideCocoonSet } from "./cocoonset.js";

const valid = { spec: { agent: { image: "ubuntu:24.04" } } };
const invalid = { spec: { agent: { image: "ubuntu:24.04", backend: "firecracker" } } };
const undecodable = { spec: { agent: { image: 5 } } };

const create = (object: unknown, overrides = {}): ReturnType<typeof decideCocoonSet> =>
  decideCocoonSet(admissionRequest("CocoonSet", { object, ...overrides }));
const update = (oldObject: unknown, object: unknown): ReturnType<typeof decideCocoonSet> =>
  create(object, { operation: "UPDATE", oldObject });

describe("decideCocoonSet", () => {
  it("allows a valid one, new or changed", () => {
    expect(create(valid)).toEqual({ outcome: "allow", reason: "valid" });
    expect(update(invalid, valid)).toEqual({ outcome: "allow", reason: "valid" });
  });

  it("refuses an invalid one as invalid, with the object and every violation", () => {
    expect(create(invalid)).toMatchObject({
      outcome: "deny",
      reason: "invalid-spec",
      message: expect.stringMatching(
        /^CocoonSet "demo" is invalid: spec\.agent\.mode: backend firecracker cannot clone/,
      ) as string,
      invalid: {
        subject: { group: "cocoonset.cocoonstack.io", kind: "CocoonSet", name: "demo" },
        violations: [{ field: "spec.agent.mode", kind: "FieldValueInvalid" }],
      },
    });
    expect(update(valid, invalid)).toMatchObject({ outcome: "deny", reason: "invalid-spec" });
  });

  it.each([
    ["a field of the wrong type", undecodable, "spec.agent.image"],
    ["a list", [], ""],
    ["nothing", null, ""],
  ])("refuses %s at its path", (_, object, field) => {
    expect(create(object)).toMatchObject({ reason: "undecodable", invalid: { violations: [{ field }] } });
  });

  it("names an object without a name by its prefix", () => {
    const object = { ...invalid, metadata: { generateName: "team-" } };
    expect(create(object, { name: "" })).toHaveProperty("invalid.subject.name", "team-*");
  });

  it.each([
    ["an invalid one", invalid],
    ["one that does not decode any more", undecodable],
    ["one without a spec", {}],
  ])("allows an update that leaves the spec of %s alone", (_, object) => {
    const labelled = { ...object, metadata: { labels: { a: "b" } } };
    expect(update(object, labelled)).toEqual({ outcome: "allow", reason: "spec-unchanged" });
  });

  it("judges an update that cannot be compared", () => {
    expect(update(null, invalid)).toMatchObject({ outcome: "deny" });
    expect(update(null, null)).toMatchObject({ reason: "undecodable" });
  });

  it("does not judge deletion, nor other kinds", () => {
    expect(create(undefined, { operation: "DELETE" })).toMatchObject({ reason: "operation-exempt" });
    const foreign = { group: "example.com", version: "v1", kind: "CocoonSet" };
    expect(create(invalid, { kind: foreign })).toMatchObject({ outcome: "skip", reason: "other-kind" });
  });
});
