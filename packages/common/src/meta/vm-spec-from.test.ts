import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { vmSpecFromAgentSpec, vmSpecFromToolboxSpec } from "./vm-spec-from.js";

describe("vmSpecFromAgentSpec", () => {
  it.each(vectors["vmSpec.fromAgentSpec"])("as the reference (%#)", ({ in: { spec, ...context }, out }) => {
    expect(vmSpecFromAgentSpec(spec, context)).toEqual(out);
  });

  it("takes null for what is not set", () => {
    const spec = { image: "a", os: null, storage: null, probePort: null, forcePull: null };
    expect(vmSpecFromAgentSpec(spec, { vmName: "v", snapshotPolicy: null, forkFrom: null })).toEqual(
      vmSpecFromAgentSpec({ image: "a" }, { vmName: "v" }),
    );
  });

  it("names a storage that is no quantity", () => {
    expect(() => vmSpecFromAgentSpec({ image: "a", storage: "much" }, { vmName: "v" })).toThrow(/'much'/);
  });
});

describe("vmSpecFromToolboxSpec", () => {
  it.each(vectors["vmSpec.fromToolboxSpec"])("as the reference (%#)", ({ in: { spec, ...context }, out }) => {
    expect(vmSpecFromToolboxSpec(spec, context)).toEqual(out);
  });
});
