/* eslint-disable @typescript-eslint/no-deprecated -- what is deprecated is tested all the same */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { extractAgentSlot, extractSlotFromVMName } from "./slots.js";
import { agentVMNamePrefix, mainAgentVMNameFor, vmNameForDeployment, vmNameForPod } from "./vm-names.js";

const dnsLabel = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const slot = fc.nat();

describe("extractAgentSlot", () => {
  it.each(vectors.extractAgentSlot)("$in.vmName → $out", ({ in: input, out }) => {
    expect(extractAgentSlot(input.namespace, input.cocoonSet, input.vmName)).toBe(out);
  });

  it.each([
    ["vk-ns-cs-+5", 5],
    ["vk-ns-cs-007", 7],
    ["vk-ns-cs-9223372036854775807", 2 ** 63],
    ["vk-ns-cs-9223372036854775808", -1],
    ["vk-ns-cs--1", -1],
    ["vk-ns-cs--0", -1],
    ["vk-ns-cs-1_0", -1],
    ["vk-ns-cs-", -1],
    ["vk-ns-cs-db-2", -1],
    ["vk-ns-cs2-2", -1],
    ["", -1],
  ])("%s → %d", (name, out) => {
    expect(extractAgentSlot("ns", "cs", name)).toBe(out);
  });

  it("gives back the slot that a name was made of", () => {
    fc.assert(
      fc.property(dnsLabel, dnsLabel, slot, (namespace, cocoonSet, number) => {
        const name = vmNameForDeployment(namespace, cocoonSet, number);
        expect(name.startsWith(agentVMNamePrefix(namespace, cocoonSet))).toBe(true);
        expect(extractAgentSlot(namespace, cocoonSet, name)).toBe(number);
        expect(extractSlotFromVMName(name)).toBe(number);
        expect(name === mainAgentVMNameFor(namespace, cocoonSet)).toBe(number === 0);
      }),
    );
  });

  it("takes no toolbox with a letter or a hyphen in its name for an agent", () => {
    const toolbox = dnsLabel.filter((name) => !/^[0-9]+$/.test(name));
    fc.assert(
      fc.property(dnsLabel, dnsLabel, toolbox, (namespace, cocoonSet, name) => {
        const vmName = vmNameForPod(namespace, `${cocoonSet}-${name}`);
        expect(extractAgentSlot(namespace, cocoonSet, vmName)).toBe(-1);
      }),
    );
  });
});

describe("extractSlotFromVMName", () => {
  it.each(vectors.extractSlotFromVMName)("$in.vmName → $out", ({ in: input, out }) => {
    expect(extractSlotFromVMName(input.vmName)).toBe(out);
  });
});
