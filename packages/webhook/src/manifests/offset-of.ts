import { type Document, isAlias, isMap, isNode, isScalar, isSeq } from "yaml";

/**
 * Where in the text of a document a field begins, by its key, and an element of a list by itself. Where the path leads
 * further than the document, the last thing on the way.
 */
export function offsetOf(document: Document, steps: readonly string[]): number {
  let found: Found = { node: document.contents, offset: startOf(document.contents) ?? 0 };
  for (const step of steps) {
    const next = memberOf(document, found.node, step);
    if (next === undefined) break;
    found = { node: next.node, offset: next.offset ?? found.offset };
  }
  return found.offset;
}

interface Found {
  readonly node: unknown;
  readonly offset: number;
}

interface Member {
  readonly node: unknown;
  readonly offset: number | undefined;
}

function memberOf(document: Document, parent: unknown, step: string): Member | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item: unknown = /^\d+$/.test(step) ? node.items[Number(step)] : undefined;
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  return pair && { node: pair.value, offset: startOf(pair.key) };
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
