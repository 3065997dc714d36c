import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCocoonSet, validateCocoonHibernation, validateCocoonSet } from "./index.js";

const agent = { image: "ghcr.io/example/ubuntu:24.04" };
const withAgent = (fields: object): unknown => ({ spec: { agent: { ...agent, ...fields } } });
const withToolboxes = (...toolboxes: unknown[]): unknown => ({ spec: { agent, toolboxes } });
const condition = {
  type: "Ready",
  status: "True",
  reason: "AllReady",
  message: "",
  lastTransitionTime: "2026-01-31T12:00:00Z",
};
const withConditions = (...conditions: unknown[]): unknown => ({ spec: { agent }, status: { conditions } });

describe("validateCocoonSet accepts", () => {
  it.each([
    ["the least there is", withAgent({})],
    ["both ends of a bound", withAgent({ replicas: 0, probePort: 65535 })],
    [
      "quantities in both forms",
      withAgent({ storage: 5, resources: { limits: { cpu: "500m", memory: "1Gi" } } }),
    ],
    [
      "the largest and the least integer as a quantity",
      withAgent({ storage: 2 ** 63 - 1, resources: { limits: { cpu: -(2 ** 63) } } }),
    ],
    ["a text at its longest, counted in characters", withAgent({ image: "😀".repeat(4096) })],
    ["toolboxes by other names", withToolboxes({ name: "a" }, { name: "b" })],
    ["a whole condition", withConditions(condition, { ...condition, type: "x.io/Synced" })],
    ["fields that it does not know", { spec: { agent, more: [null] }, kind: "CocoonSet", more: { a: 1 } }],
  ])("%s", (_name, value) => {
    expect(validateCocoonSet(value)).toEqual({ ok: true, value });
  });
});

describe("validateCocoonSet refuses", () => {
  it.each([
    [{}, "spec", "must be set"],
    [{ spec: null }, "spec", "must be set"],
    [{ spec: {} }, "spec.agent", "must be set"],
    [{ spec: { agent: {} } }, "spec.agent.image", "must be set"],
    [{ spec: Object.create({ agent }) as unknown }, "spec.agent", "must be set"],
    [withAgent({ image: "" }), "spec.agent.image", "must not be empty"],
    [withAgent({ image: "x".repeat(4097) }), "spec.agent.image", "must have at most 4096 characters"],
    [withAgent({ mode: "walk" }), "spec.agent.mode", "must be one of clone, run"],
    [withAgent({ mode: "" }), "spec.agent.mode", "must be one of clone, run"],
    [withAgent({ replicas: -1 }), "spec.agent.replicas", "must be at least 0"],
    [withAgent({ replicas: "1" }), "spec.agent.replicas", "must be an integer, not a string"],
    [withAgent({ probePort: 65536 }), "spec.agent.probePort", "must be at most 65535"],
    [withAgent({ storage: 0.5 }), "spec.agent.storage", "must be an integer or a string, not a fraction"],
    [withAgent({ storage: 1e20 }), "spec.agent.storage", "must fit into 64 bits, or be a string"],
    [withAgent({ storage: -1e20 }), "spec.agent.storage", "must fit into 64 bits, or be a string"],
    [withAgent({ storage: "Gi" }), "spec.agent.storage", /^must match /],
    [withAgent({ storage: "10 GB" }), "spec.agent.storage", /^must be a quantity/],
    [withAgent({ resources: { limits: { cpu: "." } } }), "spec.agent.resources.limits[cpu]", /^must match /],
    [withToolboxes({ name: "a" }, null), "spec.toolboxes[1]", "must not be null"],
    [withToolboxes({ name: "A" }), "spec.toolboxes[0].name", /^must match \^\[a-z0-9\]/],
    [withToolboxes({ mode: "run" }), "spec.toolboxes[0].name", "must be set"],
    [
      withToolboxes({ name: "a" }, { name: "b" }, { name: "a" }),
      "spec.toolboxes[2]",
      "must not have the same name as an item before it",
    ],
    [
      withToolboxes(...Array.from({ length: 1001 }, (_, index) => ({ name: `t${index}` }))),
      "spec.toolboxes",
      "must have at most 1000 items",
    ],
    [
      withConditions({ ...condition, status: "yes" }),
      "status.conditions[0].status",
      "must be one of True, False, Unknown",
    ],
    [
      withConditions({ ...condition, lastTransitionTime: null }),
      "status.conditions[0].lastTransitionTime",
      "must be set",
    ],
    [
      withConditions({ ...condition, lastTransitionTime: "2026-02-31T00:00:00Z" }),
      "status.conditions[0].lastTransitionTime",
      /^must be an RFC 3339 time/,
    ],
    [
      withConditions({ ...condition, lastTransitionTime: "2026-02-28T1:00:00Z" }),
      "status.conditions[0].lastTransitionTime",
      "must have two digits for its hour",
    ],
    [withConditions(condition, condition), "status.conditions[1]", /same type/],
  ])("%j at '%s'", (value, path, message) => {
    const expected: unknown = typeof message === "string" ? message : expect.stringMatching(message);
    expect(validateCocoonSet(value)).toEqual({ ok: false, path, message: expected });
  });
});

it("a CocoonHibernation needs a pod and a known desire", () => {
  const spec = { podRef: { name: "demo-0" }, desire: "Hibernate" };
  expect(validateCocoonHibernation({ spec })).toEqual({ ok: true, value: { spec } });
  expect(validateCocoonHibernation({ spec: { ...spec, desire: "Sleep" } })).toMatchObject({
    path: "spec.desire",
    message: "must be one of Hibernate, Wake",
  });
  expect(validateCocoonHibernation({ spec: { ...spec, podRef: {} } })).toMatchObject({
    path: "spec.podRef.name",
    message: "must be set",
  });
});

it("what comes back is a copy without null, and the value stays as it is", () => {
  const given = {
    metadata: { name: "demo", creationTimestamp: null, labels: { a: null, b: "c" }, managedFields: null },
    spec: { agent: { ...agent, mode: null }, toolboxes: [{ name: "a", image: null }] },
  };
  const before = structuredClone(given);
  const result = validateCocoonSet(given);
  expect(result).toEqual({
    ok: true,
    value: {
      // The schema does not know managedFields, so nothing can be said about their null.
      metadata: { name: "demo", labels: { b: "c" }, managedFields: null },
      spec: { agent, toolboxes: [{ name: "a" }] },
    },
  });
  if (result.ok) result.value.spec.agent.image = "other";
  expect(given).toEqual(before);
});

it("keys that objects have by nature are keys like any other", () => {
  const given: unknown = JSON.parse(
    '{"metadata":{"labels":{"__proto__":"a","constructor":"b"}},"spec":{"agent":{"image":"a"}},"__proto__":{"x":1}}',
  );
  const result = validateCocoonSet(given);
  expect(JSON.stringify(result.ok && result.value)).toBe(JSON.stringify(given));
});

/** Near-misses of a CocoonSet, so that many runs get past the first field. */
const nearly = fc.record(
  {
    metadata: fc.record({ name: fc.string(), labels: fc.dictionary(fc.string(), fc.option(fc.string())) }),
    spec: fc.record(
      {
        agent: fc.record(
          {
            image: fc.string(),
            mode: fc.constantFrom("run", "clone", "walk", null, 1),
            replicas: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double()),
            storage: fc.oneof(fc.constantFrom("1Gi", "Gi", null, "x"), fc.double()),
          },
          { requiredKeys: [] },
        ),
        toolboxes: fc.array(
          fc.option(fc.record({ name: fc.constantFrom("a", "b", "C") }, { requiredKeys: [] })),
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

it("whatever validates decodes too, and validates again as the same", () => {
  fc.assert(
    fc.property(fc.oneof(nearly, fc.jsonValue()), (value) => {
      const result = validateCocoonSet(value);
      if (!result.ok) return;
      expect(decodeCocoonSet(value)).toMatchObject({ ok: true });
      expect(validateCocoonSet(result.value)).toEqual(result);
    }),
    { numRuns: 500 },
  );
});
