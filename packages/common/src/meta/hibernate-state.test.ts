import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import type { Annotations } from "./annotated.js";
import { applyHibernateState, readHibernateState } from "./hibernate-state.js";

const podWith = (annotations: unknown): { metadata: { annotations: Annotations | null } } => ({
  metadata: { annotations: annotations as Annotations | null },
});

describe("applyHibernateState", () => {
  it.each(vectors["hibernateState.apply"])("as the reference (%#)", ({ in: input, out }) => {
    // Go leaves a missing map missing; no annotations and an empty map are the same to Kubernetes.
    expect(applyHibernateState(podWith(input.annotations), input.state)).toEqual(out ?? {});
  });

  it("is read back, whatever was there before", () => {
    const value = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(value, fc.boolean(), (before, hibernate) => {
        const pod = podWith({
          a: "b",
          ...(before === undefined ? {} : { "vm.cocoonstack.io/hibernate": before }),
        });
        const applied = applyHibernateState(pod, hibernate);
        expect(readHibernateState(podWith(applied))).toBe(hibernate);
        expect(applied["a"]).toBe("b");
        expect("vm.cocoonstack.io/hibernate" in applied).toBe(hibernate);
      }),
    );
  });
});

describe("readHibernateState", () => {
  it.each(vectors["hibernateState.read"])("as the reference (%#)", ({ in: input, out }) => {
    expect(readHibernateState(podWith(input.annotations))).toBe(out);
  });
});
