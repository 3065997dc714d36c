import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  cocoonSetSchema,
  type CocoonSet,
  type Decoded,
  decodeCocoonHibernation,
  decodeCocoonSet,
  type Schema,
} from "./index.js";

/** Only a parser makes an own key `__proto__`. */
const parsed = (json: string): unknown => JSON.parse(json);

const atAgent = (agent: unknown): unknown => ({ spec: { agent } });
const atToolbox = (toolbox: unknown): unknown => ({ spec: { toolboxes: [{}, null, toolbox] } });

describe("decodeCocoonSet accepts", () => {
  it.each([
    ["an empty object", {}],
    [
      "null wherever something may stand",
      { metadata: null, spec: { agent: null, toolboxes: [null], suspend: null } },
    ],
    ["unknown fields, whatever they hold", { extra: { spec: 1 }, spec: { agnet: 1, agent: { Image: 1 } } }],
    ["values that the CRD refuses", atAgent({ mode: "x", replicas: -1, image: "", probePort: 99999 })],
    ["the bounds of int32", atAgent({ replicas: -2147483648, probePort: 2147483647 })],
    ["the bounds of int64", { metadata: { generation: Number("9223372036854775807") } }],
    ["a quantity as a number", atAgent({ storage: 5, resources: { limits: { cpu: 0.5 } } })],
    ["null in maps and lists", { metadata: { labels: { a: null }, finalizers: [null] } }],
    [
      "keys that objects have by nature",
      parsed('{"__proto__": 1, "constructor": 1, "spec": {"toString": 1}}'),
    ],
  ])("%s", (_name, value) => {
    expect(decodeCocoonSet(value)).toEqual({ ok: true, value });
  });

  it("and gives back the very object", () => {
    const value = { spec: { agent: { image: "a" } } };
    const result = decodeCocoonSet(value);
    expect(result.ok && result.value).toBe(value);
  });
});

describe("decodeCocoonSet refuses", () => {
  it.each([
    [null, "", "must be an object, not null"],
    [[], "", "must be an object, not an array"],
    ["x", "", "must be an object, not a string"],
    [undefined, "", "must be an object, not undefined"],
    [{ kind: 1 }, "kind", "must be a string, not a number"],
    [{ spec: [] }, "spec", "must be an object, not an array"],
    [{ spec: { suspend: "true" } }, "spec.suspend", "must be true or false, not a string"],
    [{ spec: { toolboxes: {} } }, "spec.toolboxes", "must be an array, not an object"],
    [atToolbox(7), "spec.toolboxes[2]", "must be an object, not a number"],
    [atToolbox({ probePort: "22" }), "spec.toolboxes[2].probePort", "must be an integer, not a string"],
    [atAgent({ replicas: 1.5 }), "spec.agent.replicas", "must be an integer, not a fraction"],
    [atAgent({ replicas: 2147483648 }), "spec.agent.replicas", "must fit into 32 bits"],
    [atAgent({ replicas: -2147483649 }), "spec.agent.replicas", "must fit into 32 bits"],
    [atAgent({ mode: true }), "spec.agent.mode", "must be a string, not a boolean"],
    [atAgent({ storage: "10 GB" }), "spec.agent.storage", "must be a quantity such as 20Gi or 500m"],
    [atAgent({ storage: parsed("1e400") }), "spec.agent.storage", "must be a quantity such as 20Gi or 500m"],
    [atAgent({ storage: {} }), "spec.agent.storage", "must be a quantity, not an object"],
    [
      atAgent({ resources: { requests: { "nvidia.com/gpu": "x" } } }),
      "spec.agent.resources.requests[nvidia.com/gpu]",
      "must be a quantity such as 20Gi or 500m",
    ],
    [{ metadata: { generation: 1e19 } }, "metadata.generation", "must fit into 64 bits"],
    [
      { metadata: { creationTimestamp: "yesterday" } },
      "metadata.creationTimestamp",
      "must be an RFC 3339 time such as 2026-01-31T12:00:00Z",
    ],
    [{ metadata: { creationTimestamp: 5 } }, "metadata.creationTimestamp", "must be a time, not a number"],
    [{ metadata: { labels: { "a\nb": 1 } } }, "metadata.labels[…]", "must be a string, not a number"],
    [
      { metadata: { labels: parsed('{"__proto__": 1}') } },
      "metadata.labels[__proto__]",
      "must be a string, not a number",
    ],
  ])("%j at '%s'", (value, path, message) => {
    expect(decodeCocoonSet(value)).toEqual({ ok: false, path, message });
  });

  it("a deep value at the first wrong type, without going down", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(decodeCocoonSet({ spec: deep })).toMatchObject({ ok: false, path: "spec" });
    expect(decodeCocoonSet({ unknown: deep })).toMatchObject({ ok: true });
  });
});

it("decodeCocoonHibernation reads the pod's name", () => {
  const result = decodeCocoonHibernation({ spec: { podRef: { name: "demo-0" }, desire: "Hibernate" } });
  expect(result.ok && result.value.spec?.podRef?.name).toBe("demo-0");
  expect(decodeCocoonHibernation({ spec: { podRef: "demo-0" } })).toEqual({
    ok: false,
    path: "spec.podRef",
    message: "must be an object, not a string",
  });
});

it("every recorded CocoonSet decodes", () => {
  const recorded = readFileSync(new URL("../../../../../test/data/decisions.jsonl", import.meta.url), "utf8");
  const objects = recorded
    .trim()
    .split("\n")
    .map(
      (line) =>
        JSON.parse(line) as { path: string; review: { request: { object: unknown; oldObject?: unknown } } },
    )
    .filter(({ path }) => path === "/validate-cocoonset")
    .flatMap(({ review }) => [review.request.object, review.request.oldObject])
    .filter((object) => object !== null && object !== undefined);
  expect(objects.length).toBeGreaterThan(200);
  for (const object of objects) expect(decodeCocoonSet(object)).toMatchObject({ ok: true });
});

/** Values of every JSON type but the ones that `schema` takes. */
const wrongFor = (schema: Schema): fc.Arbitrary<unknown> => {
  const byType = {
    object: fc.dictionary(fc.string(), fc.jsonValue()),
    array: fc.array(fc.jsonValue()),
    string: fc.string(),
    integer: fc.integer(),
    boolean: fc.boolean(),
  };
  const taken = schema.type === undefined ? ["integer", "string"] : [schema.type];
  const others = Object.entries(byType).filter(([type]) => !taken.includes(type));
  return fc.oneof(...others.map(([, arbitrary]) => arbitrary));
};

type Place = readonly [path: string, schema: Schema, wrap: (value: unknown) => unknown];

function places(schema: Schema, path: string, wrap: (value: unknown) => unknown): Place[] {
  const own: Place = [path.replace(/^\./, ""), schema, wrap];
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    places(child, `${path}.${key}`, (value) => wrap({ [key]: value })),
  );
  const items =
    schema.items === undefined ? [] : places(schema.items, `${path}[0]`, (value) => wrap([value]));
  const values =
    schema.additionalProperties === undefined
      ? []
      : places(schema.additionalProperties, `${path}[k]`, (value) => wrap({ k: value }));
  return [own, ...properties, ...items, ...values];
}

describe("whatever the JSON", () => {
  it("it never throws, and never says a value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const result = decodeCocoonSet(value);
        return result.ok || /^must be [a-zA-Z0-9 ,-]+$|^must fit into \d+ bits$/.test(result.message);
      }),
    );
  });

  it.each(places(cocoonSetSchema, "", (value) => value))(
    "a wrong type at '%s' is found there",
    (path, schema, wrap) => {
      fc.assert(
        fc.property(wrongFor(schema), (wrong) => {
          expect(decodeCocoonSet(wrap(wrong))).toMatchObject({ ok: false, path });
        }),
        { numRuns: 20 },
      );
    },
  );
});

it("a CocoonSet can be read as a decoded one, and a decoded one promises no more than it has", () => {
  expectTypeOf<CocoonSet>().toExtend<Decoded<CocoonSet>>();
  expectTypeOf<NonNullable<NonNullable<Decoded<CocoonSet>["spec"]>["agent"]>["mode"]>().toEqualTypeOf<
    string | null | undefined
  >();
});
