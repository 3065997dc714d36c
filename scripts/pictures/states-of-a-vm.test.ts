import { cocoonSetPhases, hibernationPhases } from "@cocoonstack/common/apis/v1";
import { expect, it } from "vitest";
import { statesOfAVM } from "./states-of-a-vm.js";

// Pending is also what a CocoonHibernation says whose pod is not there yet: no state of a VM.
it.each([...cocoonSetPhases, ...hibernationPhases.filter((phase) => phase !== "Pending")])(
  "the picture of a VM's states has the phase %s",
  (phase) => {
    expect(statesOfAVM()).toMatch(new RegExp(`>Cocoon\\w+: (?:\\w+, )*${phase}\\b`));
  },
);
