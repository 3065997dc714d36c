import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import type { Annotations } from "./annotated.js";
import { applyVMRuntime, parseVMRuntime } from "./vm-runtime.js";

const podWith = (annotations: unknown): { metadata: { annotations: Annotations | null } } => ({
  metadata: { annotations: annotations as Annotations | null },
});

describe("applyVMRuntime", () => {
  it.each(vectors["vmRuntime.apply"])("as the reference (%#)", ({ in: input, out }) => {
    expect(applyVMRuntime(podWith(input.annotations), input.runtime)).toEqual(out);
  });
});

describe("parseVMRuntime", () => {
  it.each(vectors["vmRuntime.parse"])("as the reference (%#)", ({ in: input, out }) => {
    expect(parseVMRuntime(podWith(input.annotations))).toEqual(out);
  });

  it.each([
    ["5900", 5900],
    ["+5900", 5900],
    ["05900", 5900],
    ["5_900", 0],
    ["5900 ", 0],
    ["2147483648", 0],
    ["-1", -1],
  ])("reads the port '%s' as %d", (text, port) => {
    expect(parseVMRuntime(podWith({ "vm.cocoonstack.io/vnc-port": text })).vncPort).toBe(port);
  });
});

describe("apply, then parse", () => {
  it("is the identity on a pod without such annotations", () => {
    const runtime = fc.record({ vmID: fc.string(), ip: fc.string(), vncPort: fc.nat(65_535) });
    fc.assert(
      fc.property(runtime, (value) => {
        expect(parseVMRuntime(podWith(applyVMRuntime({}, value)))).toEqual(value);
      }),
    );
  });
});
