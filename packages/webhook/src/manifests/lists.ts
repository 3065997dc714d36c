/** An object, and the way to it in its document. */
export interface Listed {
  readonly value: unknown;
  readonly steps: readonly string[];
}

/** The objects of a document: itself, or what it lists. Nothing at all in an empty one. */
export function* objectsIn(value: unknown, steps: readonly string[] = []): Generator<Listed> {
  if (value === null || value === undefined) return;
  const list = asList(value);
  if (list === undefined) {
    yield { value, steps };
    return;
  }
  for (const [index, item] of list.items.entries()) {
    yield* objectsIn(withKind(item, list), [...steps, "items", String(index)]);
  }
}

interface List {
  readonly apiVersion: unknown;
  readonly kind: string;
  readonly items: readonly unknown[];
}

/** Lists end in `List`, as everywhere in Kubernetes: `List` itself, `PodList`, … */
function asList(value: unknown): List | undefined {
  const { apiVersion, kind, items } = value as Partial<Record<string, unknown>>;
  return typeof kind === "string" && kind.endsWith("List") && Array.isArray(items)
    ? { apiVersion, kind, items }
    : undefined;
}

/** API servers leave out the kind of what stands in a list of one kind, such as a `PodList`. */
function withKind(item: unknown, { apiVersion, kind }: List): unknown {
  const isTyped = kind !== "List" && typeof item === "object" && item !== null && !("kind" in item);
  return isTyped ? { apiVersion, kind: kind.slice(0, -"List".length), ...item } : item;
}
