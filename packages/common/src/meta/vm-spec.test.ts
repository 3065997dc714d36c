import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import type { Annotations } from "./annotated.js";
import { applyVMSpec, parseVMSpec } from "./vm-spec.js";

const podWith = (annotations: unknown): { metadata: { annotations: Annotations | null } } => ({
  metadata: { annotations: annotations as Annotations | null },
});

describe("applyVMSpec", () => {
  it.each(vectors["vmSpec.apply"])("as the reference (%#)", ({ in: input, out }) => {
    expect(applyVMSpec(podWith(input.annotations), input.spec)).toEqual(out);
  });

  it("leaves the pod as it is", () => {
    const pod = podWith({ a: "b" });
    expect(applyVMSpec(pod, { image: "x" })).toEqual({ a: "b", "cocoonset.cocoonstack.io/image": "x" });
    expect(pod).toEqual(podWith({ a: "b" }));
  });

  it.each([[{}], [{ metadata: null }], [{ metadata: {} }], [podWith(null)]])("takes %j for a pod", (pod) => {
    expect(applyVMSpec(pod, { os: "linux" })).toEqual({ "cocoonset.cocoonstack.io/os": "linux" });
  });
});

describe("parseVMSpec", () => {
  it.each(vectors["vmSpec.parse"])("as the reference (%#)", ({ in: input, out }) => {
    expect(parseVMSpec(podWith(input.annotations))).toEqual(out);
  });

  it.each(["True", "1", "t", "true ", ""])("a flag is exactly true, and not '%s'", (value) => {
    expect(parseVMSpec(podWith({ "cocoonset.cocoonstack.io/managed": value })).managed).toBe(false);
  });
});

const spec = fc.record({
  vmName: fc.string(),
  image: fc.string(),
  mode: fc.string(),
  os: fc.string(),
  storage: fc.string(),
  network: fc.string(),
  snapshotPolicy: fc.string(),
  forkFrom: fc.string(),
  connType: fc.string(),
  backend: fc.string(),
  probePort: fc.string(),
  managed: fc.boolean(),
  forcePull: fc.boolean(),
  noDirectIO: fc.boolean(),
});

describe("apply, then parse", () => {
  it("is the identity on a pod without a specification", () => {
    fc.assert(
      fc.property(spec, (value) => {
        expect(parseVMSpec(podWith(applyVMSpec({}, value)))).toEqual(value);
      }),
    );
  });

  it("on a pod with one, keeps what the new one leaves empty", () => {
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        const pod = podWith(applyVMSpec(podWith(applyVMSpec({}, before)), after));
        const set = Object.entries(after).filter(([, value]) => value !== "" && value !== false);
        expect(parseVMSpec(pod)).toEqual({ ...before, ...Object.fromEntries(set) });
      }),
    );
  });
});
