import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOf, type KubeObject } from "./kube-object.js";
import { Store } from "./store.js";

interface Item extends KubeObject {
  readonly groups: readonly string[];
}

const item = (name: string, resourceVersion: string, { uid = `u-${name}`, groups = ["g"] } = {}): Item => ({
  metadata: { namespace: "shop", name, uid, resourceVersion },
  groups,
});

const map = (...items: readonly Item[]): Map<string, Item> =>
  new Map(items.map((each) => [keyOf(each), each]));

function observed() {
  const store = new Store<Item, "group">({ group: ({ groups }) => groups });
  const told: string[] = [];
  const version = ({ metadata: { name, resourceVersion } }: Item): string => `${name}@${resourceVersion}`;
  store.addHandler({
    add: (object) => told.push(`add ${version(object)}`),
    update: (object, old) => told.push(`update ${version(old)} to ${version(object)}`),
    delete: (last) => told.push(`delete ${version(last)}`),
  });
  const take = (): string[] => told.splice(0);
  return { store, take };
}

describe("a change", () => {
  it("is told once", () => {
    const { store, take } = observed();
    store.put(item("a", "1"));
    store.put(item("a", "1"));
    store.put(item("a", "2"));
    store.delete("shop/a", item("a", "3"));
    store.delete("shop/a");
    expect(take()).toEqual(["add a@1", "update a@1 to a@2", "delete a@3"]);
    expect([store.size, store.get("shop/a")]).toEqual([0, undefined]);
  });

  it("of the UID is the end of one object and the beginning of another", () => {
    const { store, take } = observed();
    store.put(item("a", "1"));
    store.put(item("a", "2", { uid: "other" }));
    expect(take()).toEqual(["add a@1", "delete a@1", "add a@2"]);
  });

  it("is told to handlers that come later from where they come in", () => {
    const { store } = observed();
    store.put(item("a", "1"));
    const added: string[] = [];
    const nothing = (): void => undefined;
    store.addHandler({ add: ({ metadata }) => added.push(metadata.name), update: nothing, delete: nothing });
    store.put(item("b", "2"));
    expect(added).toEqual(["a", "b"]);
  });
});

describe("a list", () => {
  it("is taken in by what differs, deletions first", () => {
    const { store, take } = observed();
    store.replace(map(item("same", "1"), item("changed", "2"), item("gone", "3"), item("again", "4")));
    take();
    store.replace(
      map(item("new", "9"), item("again", "8", { uid: "other" }), item("same", "1"), item("changed", "7")),
    );
    expect(take()).toEqual([
      "delete gone@3",
      "add new@9",
      "delete again@4",
      "add again@8",
      "update changed@2 to changed@7",
    ]);
  });
});

describe("an index", () => {
  it("follows objects through all changes", () => {
    const values = ["x", "y", "z"];
    const change = fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      groups: fc.uniqueArray(fc.constantFrom(...values)),
      how: fc.constantFrom("put", "delete", "replace"),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const { store } = observed();
        changes.forEach(({ name, groups, how }, index) => {
          const object = item(name, String(index), { groups });
          if (how === "put") store.put(object);
          else if (how === "delete") store.delete(keyOf(object));
          else store.replace(map(...[...store.values()].slice(1), object));
        });
        for (const value of values) {
          const expected = [...store.values()].filter(({ groups }) => groups.includes(value));
          expect(new Set(store.byIndex("group", value))).toEqual(new Set(expected));
        }
      }),
    );
  });
});
