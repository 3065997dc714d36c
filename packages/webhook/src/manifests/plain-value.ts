import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  type YAMLMap,
} from "yaml";
import { maxAliasedValues, maxDepth, tooDeep, tooManyAliased } from "./limits.js";
import { coreTag } from "./scalar-tags.js";

/** What keeps a document from being one value, and where. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * The value of a document as an API server would get it in JSON. Aliases give the very value that they stand for, which costs
 * nothing here but does for who walks through it, so there is a bound on what they stand for.
 *
 * @throws {UnreadableError} when a key stands twice or is no text, an alias has no anchor or stands in itself, or a bound is passed.
 */
export const plainValueOf = ({ contents }: Document): unknown => new Reader().read(contents, 1);

/** What an anchor is at; its value is known when it has been read to its end. */
interface Anchored {
  read: { readonly value: unknown; readonly size: number; readonly height: number } | undefined;
}

class Reader {
  readonly #anchors = new Map<string, Anchored>();
  /** Values so far, those behind aliases each time. */
  #values = 0;
  #aliasedValues = 0;
  #deepest = 0;

  read(node: unknown, depth: number): unknown {
    if (!isNode(node)) return null;
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > maxDepth) throw unreadable(tooDeep, node);
    if (isAlias(node)) return this.#valueOfAlias(node, depth);
    this.#values++;
    const { anchor } = node;
    return anchor === undefined ? this.#valueOf(node, depth) : this.#valueOfAnchor(anchor, node, depth);
  }

  #valueOf(node: Node, depth: number): unknown {
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    if (isMap(node)) return this.#objectOf(node, depth);
    return isScalar(node) ? jsonOf(node) : null;
  }

  #valueOfAnchor(anchor: string, node: Node, depth: number): unknown {
    const anchored: Anchored = { read: undefined };
    this.#anchors.set(anchor, anchored);
    const [before, deepest] = [this.#values, this.#deepest];
    this.#deepest = depth;
    const value = this.#valueOf(node, depth);
    anchored.read = { value, size: this.#values - before + 1, height: this.#deepest - depth };
    this.#deepest = Math.max(this.#deepest, deepest);
    return value;
  }

  #valueOfAlias(alias: Alias, depth: number): unknown {
    const anchored = this.#anchors.get(alias.source);
    if (anchored === undefined)
      throw unreadable(`cannot be read: there is no anchor &${alias.source} before this alias`, alias);
    if (anchored.read === undefined)
      throw unreadable("cannot be read: this alias stands in what it stands for", alias);
    const { value, size, height } = anchored.read;
    this.#values += size;
    this.#aliasedValues += size;
    this.#deepest = Math.max(this.#deepest, depth + height);
    if (this.#deepest > maxDepth) throw unreadable(tooDeep, alias);
    if (this.#aliasedValues > maxAliasedValues) {
      throw unreadable(tooManyAliased, alias);
    }
    return value;
  }

  #objectOf({ items }: YAMLMap, depth: number): unknown {
    const members = new Map<string, unknown>();
    const merged: unknown[] = [];
    for (const pair of items) {
      if (isMerge(pair)) {
        merged.push(...this.#mergedBy(pair, depth));
        continue;
      }
      const key = this.#keyOf(pair, depth);
      if (members.has(key))
        throw unreadable(
          `cannot be read: the key ${JSON.stringify(key)} stands twice in one object`,
          pair.key,
        );
      members.set(key, this.read(pair.value, depth + 1));
    }
    for (const [key, value] of merged.flatMap((source) => Object.entries(source as object))) {
      if (!members.has(key)) members.set(key, value);
    }
    // Makes every key a property of its own, __proto__ too.
    return Object.fromEntries(members);
  }

  /** The objects whose members a merge key (https://yaml.org/type/merge.html) brings, the first before the others. */
  #mergedBy({ key, value: node }: Pair, depth: number): readonly object[] {
    const value = this.read(node, depth);
    const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!sources.every(isObject))
      throw unreadable("cannot be read: << takes an object, or a list of objects", key);
    return sources;
  }

  #keyOf({ key }: Pair, depth: number): string {
    const value = this.read(key, depth + 1);
    if (typeof value === "object" && value !== null)
      throw unreadable("cannot be read: an object or a list cannot be a key", key);
    if (value === null) throw unreadable("cannot be read: null cannot be a key; quote it", key);
    return typeof value === "string" ? value : JSON.stringify(value);
  }
}

const isMerge = ({ key }: Pair): boolean =>
  isScalar(key) && (key.type ?? Scalar.PLAIN) === Scalar.PLAIN && key.source === "<<";

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What JSON has. What it has not, kubectl does not read either. */
function jsonOf(scalar: Scalar): unknown {
  const { value, tag, source } = scalar;
  if (typeof value === "number" && !Number.isFinite(value))
    throw unreadable(`cannot be read: JSON has no number ${source ?? String(value)}`, scalar);
  if (fitsTag.get(tag ?? "")?.(value) === false)
    throw unreadable(`cannot be read: ${JSON.stringify(source)} is no ${shortTag(tag)}`, scalar);
  return value ?? null;
}

/** Of what type the values are that bear a type's name. */
const fitsTag: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  [coreTag("int"), Number.isInteger],
  [coreTag("float"), (value: unknown) => typeof value === "number"],
  [coreTag("bool"), (value: unknown) => typeof value === "boolean"],
  [coreTag("null"), (value: unknown) => value === null],
]);

const shortTag = (tag = ""): string => tag.replace(coreTag(""), "!!");

const unreadable = (message: string, node: unknown): UnreadableError =>
  new UnreadableError(message, isNode(node) ? (node.range?.[0] ?? 0) : 0);
