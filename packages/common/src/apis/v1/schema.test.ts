import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cocoonHibernationSchema, cocoonSetSchema, type Schema } from "./index.js";

interface Manifest {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** The schema in the CRD, without words and rules. */
function inCRD(plural: string): Schema | undefined {
  const file = new URL(`../../../crds/cocoonset.cocoonstack.io_${plural}.yaml`, import.meta.url);
  const manifest = parse(readFileSync(file, "utf8"), (key: unknown, value: unknown) =>
    key === "description" || key === "x-kubernetes-validations" ? undefined : value,
  ) as Manifest;
  return manifest.spec.versions[0]?.schema.openAPIV3Schema;
}

describe.each([
  ["cocoonsets", cocoonSetSchema, ["agent"]],
  ["cocoonhibernations", cocoonHibernationSchema, ["desire", "podRef"]],
] as const)("the schema of %s", (plural, schema, required) => {
  it.each(["spec", "status"])("says of %s what API servers are told", (part) => {
    expect(schema.properties?.[part]).toBeDefined();
    expect(schema.properties?.[part]).toEqual(inCRD(plural)?.properties?.[part]);
  });

  it("requires a spec, which the CRD leaves to its rules, and what no spec goes without", () => {
    expect(schema.required).toEqual(["spec"]);
    expect(schema.properties?.["spec"]?.required).toEqual(required);
  });
});
