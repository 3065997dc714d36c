import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import type { Annotations } from "./annotated.js";
import {
  applyLifecycleStatus,
  isTerminalLifecycleState,
  lifecycleStates,
  lifecycleStatusAnnotations,
  lifecycleStatusSnapshot,
  readLifecycleStatus,
} from "./lifecycle-status.js";

const podWith = (annotations: unknown): { metadata: { annotations: Annotations | null } } => ({
  metadata: { annotations: annotations as Annotations | null },
});

describe("LifecycleStatus, as the reference", () => {
  it.each(vectors["lifecycleState.isTerminal"])("$in.state is terminal: $out", ({ in: input, out }) => {
    expect(isTerminalLifecycleState(input.state)).toBe(out);
  });

  it.each(vectors["lifecycleStatus.apply"])("is applied (%#)", ({ in: input, out }) => {
    expect(applyLifecycleStatus(podWith(input.annotations), input.status)).toEqual(out);
  });

  it.each(vectors["lifecycleStatus.annotations"])("is annotations of a patch (%#)", ({ in: input, out }) => {
    expect(lifecycleStatusAnnotations(input.status)).toEqual(out);
  });

  it.each(vectors["lifecycleStatus.snapshot"])("is a snapshot (%#)", ({ in: input, out }) => {
    expect(lifecycleStatusSnapshot(input.status)).toBe(out);
  });

  it.each(vectors["lifecycleStatus.read"])("is read (%#)", ({ in: input, out }) => {
    expect(readLifecycleStatus(podWith(input.annotations))).toEqual(out);
  });
});

const status = fc.record({
  state: fc.oneof(fc.constantFrom(...lifecycleStates, ""), fc.string()),
  observedGeneration: fc.maxSafeInteger(),
  message: fc.string(),
});

describe("LifecycleStatus", () => {
  it("is read back as it was applied, whatever was there before", () => {
    fc.assert(
      fc.property(status, status, (before, after) => {
        const pod = podWith(
          applyLifecycleStatus(podWith({ a: "b", ...applyLifecycleStatus({}, before) }), after),
        );
        expect(readLifecycleStatus(pod)).toEqual(after);
        expect(pod.metadata.annotations?.["a"]).toBe("b");
      }),
    );
  });

  it("is the same by a merge patch", () => {
    fc.assert(
      fc.property(status, status, (before, after) => {
        const merged = { ...applyLifecycleStatus({}, before), ...lifecycleStatusAnnotations(after) };
        const kept = Object.entries(merged).filter(([, value]) => value !== null);
        expect(Object.fromEntries(kept)).toEqual(applyLifecycleStatus({}, after));
      }),
    );
  });

  it.each([1.5, NaN, Infinity, 2 ** 53])("is not written with %d as its generation", (observedGeneration) => {
    const odd = { state: "ready", observedGeneration, message: "" };
    expect(() => applyLifecycleStatus({}, odd)).toThrow(RangeError);
    expect(() => lifecycleStatusAnnotations(odd)).toThrow(RangeError);
  });

  it("has equal snapshots exactly when it is equal", () => {
    const oneOf = fc.record({
      state: fc.constantFrom("ready", "failed"),
      observedGeneration: fc.nat(2),
      message: fc.constantFrom("", "x", "\0"),
    });
    fc.assert(
      fc.property(oneOf, oneOf, (a, b) => {
        const equal =
          a.state === b.state && a.observedGeneration === b.observedGeneration && a.message === b.message;
        expect(lifecycleStatusSnapshot(a) === lifecycleStatusSnapshot(b)).toBe(equal);
      }),
    );
  });
});
