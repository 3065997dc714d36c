import type { Decoded, ToolboxSpec } from "@cocoonstack/common/apis/v1";
import { blocked, itemsOf, type SetView, type Trouble } from "../model/index.js";

/** Most characters of a label's value, by Kubernetes' rules for labels. */
const longestLabel = 63;

const digitsOnly = /^[0-9]+$/;

/** What of a set's names can be used, and what is wrong with the others. */
export interface Names {
  /** Whether any pod of the set can be made. */
  readonly isUsable: boolean;
  readonly toolboxes: readonly Decoded<ToolboxSpec>[];
  /** The names of all toolboxes in the spec, also of those that cannot be used: their pods are left alone. */
  readonly spoken: ReadonlySet<string>;
  readonly troubles: readonly Trouble[];
}

/** Looks through the names of a set. One that cannot be used is left out; the first of two equal ones stays. */
export function namesOf(set: SetView): Names {
  const troubles: Trouble[] = [];
  const isUsable = set.name.length <= longestLabel;
  if (!isUsable) {
    troubles.push(
      blocked(
        "NameTooLong",
        `CocoonSet ${set.name} has a name of ${set.name.length} characters, and pods carry it in a label, which holds ${longestLabel}: create it under a shorter name`,
      ),
    );
  }
  const seen = new Set<string>();
  const toolboxes = itemsOf<Decoded<ToolboxSpec>>(set.spec.toolboxes).filter((toolbox) => {
    const name = toolbox.name ?? "";
    const trouble = toolboxTrouble(name, seen);
    seen.add(name);
    if (trouble !== undefined) troubles.push(trouble);
    return trouble === undefined;
  });
  return { isUsable, toolboxes, spoken: seen, troubles };
}

function toolboxTrouble(name: string, seen: ReadonlySet<string>): Trouble | undefined {
  if (name === "" || digitsOnly.test(name)) {
    return blocked(
      "ToolboxNameReserved",
      `toolbox "${name}" is not created, because its name stands for the slot of an agent: give it a name with a letter`,
    );
  }
  if (name.length > longestLabel) {
    return blocked(
      "NameTooLong",
      `toolbox ${name} is not created, because its name has ${name.length} characters and a label holds ${longestLabel}: shorten it`,
    );
  }
  if (!seen.has(name)) return undefined;
  return blocked(
    "ToolboxNameRepeated",
    `spec.toolboxes has the name ${name} more than once, and only the first counts: rename or remove the others`,
  );
}
