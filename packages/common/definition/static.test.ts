import type { Static } from "typebox";
import Value from "typebox/value";
import { describe, expect, expectTypeOf, it } from "vitest";
import type * as generated from "../src/apis/v1/index.js";
import { type enums, types } from "./named.js";
import { nodeOf } from "./node.js";

type Types = typeof types;
type Enums = typeof enums;

/** `true` where each of the two can stand for the other, field by field. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The interfaces and unions that were generated, by name. */
interface Generated {
  CocoonSet: generated.CocoonSet;
  CocoonSetSpec: generated.CocoonSetSpec;
  VMOptions: generated.VMOptions;
  AgentSpec: generated.AgentSpec;
  ToolboxSpec: generated.ToolboxSpec;
  CocoonSetStatus: generated.CocoonSetStatus;
  AgentStatus: generated.AgentStatus;
  ToolboxStatus: generated.ToolboxStatus;
  CocoonSetList: generated.CocoonSetList;
  CocoonHibernation: generated.CocoonHibernation;
  CocoonHibernationSpec: generated.CocoonHibernationSpec;
  HibernationPodRef: generated.HibernationPodRef;
  CocoonHibernationStatus: generated.CocoonHibernationStatus;
  CocoonHibernationList: generated.CocoonHibernationList;
  Condition: generated.Condition;
  ResourceRequirements: generated.ResourceRequirements;
  ResourceClaim: generated.ResourceClaim;
  EnvFromSource: generated.EnvFromSource;
  ConfigMapEnvSource: generated.ConfigMapEnvSource;
  SecretEnvSource: generated.SecretEnvSource;
  Quantity: generated.Quantity;
  ObjectMeta: generated.ObjectMeta;
  OwnerReference: generated.OwnerReference;
  ListMeta: generated.ListMeta;
}

interface GeneratedEnums {
  AgentMode: generated.AgentMode;
  ToolboxMode: generated.ToolboxMode;
  OSType: generated.OSType;
  Backend: generated.Backend;
  ConnType: generated.ConnType;
  SnapshotPolicy: generated.SnapshotPolicy;
  CocoonSetPhase: generated.CocoonSetPhase;
  HibernationDesire: generated.HibernationDesire;
  HibernationPhase: generated.HibernationPhase;
  ConditionStatus: generated.ConditionStatus;
}

// Optional fields count as different from required ones only in this form: `{ a?: 1 }` takes `{}`.
type Keys<T> = T extends object
  ? { [K in keyof T]-?: object extends Pick<T, K> ? "optional" : "required" }
  : T;

type Differing<A extends Record<keyof B, unknown>, B> = {
  [K in keyof B]: Same<A[K], B[K]> extends true ? (Same<Keys<A[K]>, Keys<B[K]>> extends true ? never : K) : K;
}[keyof B];

describe("the generated types, by TypeBox's own reading of the definition", () => {
  it("each says the same as its definition", () => {
    type Defined = { [K in keyof Types]: Static<Types[K]> };
    expectTypeOf<keyof Generated>().toEqualTypeOf<keyof Types>();
    expectTypeOf<Differing<Defined, Generated>>().toEqualTypeOf<never>();
  });

  it("each enum has the values of its definition", () => {
    type Defined = { [K in keyof Enums]: Static<Enums[K]> };
    expectTypeOf<keyof GeneratedEnums>().toEqualTypeOf<keyof Enums>();
    expectTypeOf<Differing<Defined, GeneratedEnums>>().toEqualTypeOf<never>();
  });

  it("what is not the same is noticed", () => {
    expectTypeOf<Differing<{ A: { a?: string } }, { A: { a: string } }>>().toEqualTypeOf<"A">();
    expectTypeOf<Differing<{ A: { b?: 1 } }, { A: { a?: 1 } }>>().toEqualTypeOf<"A">();
    expectTypeOf<Differing<{ A: "x" | "y" }, { A: "x" }>>().toEqualTypeOf<"A">();
  });
});

it("the examples in the doc comments are what they are examples of", () => {
  for (const schema of Object.values(types)) {
    const { title, examples = [] } = nodeOf(schema);
    expect(examples, title).toHaveLength(1);
    for (const example of examples) expect([...Value.Errors(schema, example)], title).toEqual([]);
  }
});
