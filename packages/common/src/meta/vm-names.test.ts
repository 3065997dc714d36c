import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { agentVMNamePrefix, mainAgentVMNameFor, vmNameForDeployment, vmNameForPod } from "./vm-names.js";

describe("VM names", () => {
  it.each(vectors.vmNameForDeployment)("vmNameForDeployment → $out", ({ in: input, out }) => {
    expect(vmNameForDeployment(input.namespace, input.deployment, input.slot)).toBe(out);
  });

  it.each(vectors.vmNameForPod)("vmNameForPod → $out", ({ in: input, out }) => {
    expect(vmNameForPod(input.namespace, input.podName)).toBe(out);
  });

  it.each(vectors.agentVMNamePrefix)("agentVMNamePrefix → $out", ({ in: input, out }) => {
    expect(agentVMNamePrefix(input.namespace, input.cocoonSet)).toBe(out);
  });

  it.each(vectors.mainAgentVMNameFor)("mainAgentVMNameFor → $out", ({ in: input, out }) => {
    expect(mainAgentVMNameFor(input.namespace, input.cocoonSet)).toBe(out);
  });
});
