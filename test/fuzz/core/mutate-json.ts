import type { Random } from "./random.js";

/** What stands where something else is expected. */
const hostile: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, -1, 0.5, 1e21, -1e21, 2 ** 31, 2 ** 53, Number.MAX_VALUE],
  ...[
    "",
    " ",
    "0",
    "null",
    "\u0000",
    "\ud800",
    "é",
    "__proto__",
    "constructor",
    "a".repeat(300),
    "b".repeat(70_000),
  ],
  ...[[], {}, [[]], [null], [{}], { a: null }, { "": 0 }],
];

const names = [
  ...["__proto__", "constructor", "toString", "length", "", "metadata", "spec", "template", "replicas"],
  ...["tolerations", "ownerReferences", "key", "kind", "apiVersion", "name", "generateName", "request"],
  ...["uid", "object", "oldObject", "operation", "agent", "toolboxes", "image", "mode", "podRef", "items"],
];

/** The text with one value in it changed, as JSON; undefined where it is none. */
export function mutateJson(text: string, random: Random): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  const holder = { root };
  const changed = pick(holder, random);
  change(changed, holder, random);
  // A toJSON that came with the input would be called by nobody else either: JSON has no functions.
  return JSON.stringify(holder.root);
}

/** A member of an object or of a list. */
interface Slot {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

/** A slot somewhere in the tree: each step may be the last. */
function pick(holder: object, random: Random): Slot {
  let slot: Slot = { parent: holder as Record<string, unknown>, key: "root" };
  for (let depth = 0; depth < 12; depth++) {
    const value = slot.parent[slot.key];
    if (typeof value !== "object" || value === null || (depth > 1 && random.oneIn(6))) break;
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    slot = { parent: value as Record<string, unknown>, key: random.oneOf(keys) };
  }
  return slot;
}

function change({ parent, key }: Slot, holder: object, random: Random): void {
  switch (random.below(6)) {
    case 0:
      // Of a list, a hole would stay, which JSON writes as null.
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else Reflect.deleteProperty(parent, key);
      break;
    case 1:
      put(parent, random.oneOf(names), random.oneOf(hostile));
      break;
    case 2: {
      // What stands elsewhere in the same text fits in more often than anything that was made up.
      const other = pick(holder, random);
      put(parent, key, structuredClone(other.parent[other.key]));
      break;
    }
    case 3: {
      const value = parent[key];
      put(parent, key, typeof value === "number" ? value + random.below(5) - 2 : [value]);
      break;
    }
    default:
      put(parent, key, random.oneOf(hostile));
  }
}

/** As JSON.parse would: `__proto__` becomes a member like any other. A list only grows. */
function put(parent: object, key: string, value: unknown): void {
  if (Array.isArray(parent) && !/^[0-9]+$/.test(key)) parent.push(value);
  else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
