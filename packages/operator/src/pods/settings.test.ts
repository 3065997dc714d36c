import { describe, expect, it } from "vitest";
import { agentPod, setView } from "../../../../test/support/operator/objects.js";
import { agentMember } from "./member.js";
import { settingChanges } from "./settings.js";

const set = setView({ agent: { probePort: 22 } });

describe("settingChanges", () => {
  it.each([
    [
      "snapshotPolicy",
      {},
      { snapshotPolicy: "never" },
      { "cocoonset.cocoonstack.io/snapshot-policy": "never" },
    ],
    ["forcePull", { forcePull: true }, {}, { "cocoonset.cocoonstack.io/force-pull": "true" }],
    ["probePort", { probePort: 5432 }, {}, { "vm.cocoonstack.io/probe-port": "5432" }],
    ["connType", { connType: "vnc" }, {}, { "vm.cocoonstack.io/conn-type": "vnc" }],
    ["a setting that goes", { probePort: 0 }, {}, { "vm.cocoonstack.io/probe-port": null }],
    ["nothing", {}, {}, {}],
    ["what takes another VM", { image: "ubuntu:26.04" }, {}, {}],
  ])("changes in place: %s", (_, agent, spec, changes) => {
    const edited = setView({ agent: { ...set.spec.agent, ...agent }, spec });
    expect(settingChanges(agentPod(set, 0), agentMember(edited, 0))).toEqual(changes);
  });
});
