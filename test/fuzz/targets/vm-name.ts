import { extractAgentSlot, mainAgentVMNameFor, vmNameForDeployment } from "@cocoonstack/common/meta";
import { law, type Target } from "../core/target.js";

/** `extractAgentSlot`; the input is namespace, CocoonSet and VM's name, a line each. */
export const vmName: Target = {
  name: "vm-name",
  laws: "a slot that is read makes the name that it was read from, but for zeros in front; every slot is found again",
  seeds: ["prod\ndemo\nvk-prod-demo-2", "prod\ndemo\nvk-prod-demo-db-2", "a\nb-1\nvk-a-b-1-0", "\n\nvk---0"],
  dictionary: [
    "-",
    "vk-",
    "\n",
    "0",
    "-0",
    "+1",
    "9223372036854775807",
    "9007199254740993",
    "prod",
    "demo",
    " 1",
    "1_0",
  ],
  attempt: (input) => {
    const [namespace = "", set = "", name = ""] = input.toString("utf8").split("\n", 3);
    const slot = extractAgentSlot(namespace, set, name);
    law(slot === -1 || slot >= 0, "a slot is below zero");
    if (slot >= 0 && Number.isSafeInteger(slot)) {
      const digits = name.slice(mainAgentVMNameFor(namespace, set).length - 1);
      law(/^\+?0*[0-9]+$/.test(digits) && Number(digits) === slot, "the name has another slot");
    }
    const index = input.length;
    const made = vmNameForDeployment(namespace, set, index);
    law(
      extractAgentSlot(namespace, set, made) === index,
      "the slot of a name that was just made is not found",
    );
  },
};
