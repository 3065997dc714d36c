import type { KubeObject } from "@cocoonstack/machinery/informer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  agentPod,
  cocoonSet,
  hibernation,
  type PodOptions,
  type SetOptions,
  setView,
} from "../../../../test/support/operator/objects.js";
import { WatchedCluster } from "../../../../test/support/operator/watched-cluster.js";
import { ClusterCache } from "./cluster-cache.js";
import { slimPod, type SlimPod } from "./slim-pod.js";
import { storedSet, type StoredSet } from "./stored.js";
import { keyText, type WorkKey } from "./work-key.js";

const sets = "/apis/cocoonset.cocoonstack.io/v1/cocoonsets";
const hibernations = "/apis/cocoonset.cocoonstack.io/v1/cocoonhibernations";
const pods = "/api/v1/pods";

let cluster: WatchedCluster;
let cache: ClusterCache;
/** Keys that were told, since this was last emptied. */
let told: string[];
let gone: string[];
let stop: () => Promise<void>;

beforeEach(async () => {
  cluster = new WatchedCluster();
  [told, gone] = [[], []];
  cache = new ClusterCache({
    connection: cluster,
    onChange: (key) => told.push(keyText(key)),
    onSetGone: ({ metadata }) => gone.push(metadata.name),
    observer: () => ({}),
  });
  const ended = new AbortController();
  const running = cache.run(ended.signal);
  stop = async () => {
    ended.abort();
    await running;
  };
  await cache.whenSynced(ended.signal);
});
afterEach(() => stop());

const setKey = { kind: "set", namespace: "shop", name: "demo" } as const;

/** The set `shop/demo`, or another by its metadata, as the API server has it. */
const aSet = (options: SetOptions = {}): KubeObject => cocoonSet(options) as unknown as KubeObject;
const theSet = setView();
/** The pod `demo-0` of that set. */
const aPod = (options: PodOptions = {}): KubeObject => {
  const pod = agentPod(theSet, 0, options) as unknown as KubeObject;
  return { ...pod, metadata: { ...pod.metadata, namespace: "shop" } };
};
const aHibernation = (pod: string, metadata: object = {}): KubeObject =>
  hibernation("Hibernate", { pod, metadata: { ...metadata } }) as unknown as KubeObject;

/** What is told while something happens. */
async function toldBy(happening: () => Promise<void>): Promise<readonly string[]> {
  told.length = 0;
  await happening();
  return [...new Set(told)].sort();
}

const namesOf = (found: readonly { readonly metadata: { readonly name: string } }[]): readonly string[] =>
  found.map(({ metadata }) => metadata.name).sort();

describe("what the operator knows of the cluster", () => {
  it("are all CocoonSets and CocoonHibernations, and the pods with the label of a set", () => {
    const followed = cluster.asked.map(({ pathname, searchParams }) => [
      pathname,
      searchParams.get("labelSelector"),
    ]);
    expect(new Map(followed.map(([path, selector]) => [path, selector]))).toEqual(
      new Map([
        [sets, null],
        [hibernations, null],
        [pods, "cocoonset.cocoonstack.io/name"],
      ]),
    );
    expect(cache.hasSynced).toBe(true);
  });

  it("is found by set, and all of it is there to be worked", async () => {
    await cluster.put(sets, aSet());
    await cluster.put(pods, aPod());
    await cluster.put(hibernations, aHibernation("stray"));
    expect(cache.set("shop", "demo")?.value.spec?.agent?.image).toBe("ubuntu:24.04");
    expect(cache.set("shop", "other")).toBeUndefined();
    expect(namesOf(cache.podsOf("shop", "demo"))).toEqual(["demo-0"]);
    expect(cache.podsOf("other", "demo")).toEqual([]);
    expect(cache.keys().map(keyText)).toEqual(["set/shop/demo", "pod/shop/stray"]);
    expect([cache.state.cocoonsets.size, cache.state.cocoonhibernations.size, cache.state.pods.size]).toEqual(
      [1, 1, 1],
    );
  });

  it("are the pods that a set owns, too, where somebody has changed the label", async () => {
    const labels = { "cocoonset.cocoonstack.io/name": "other" };
    expect(await toldBy(() => cluster.put(pods, aPod({ metadata: { labels } })))).toEqual([
      "set/shop/demo",
      "set/shop/other",
    ]);
    expect(namesOf(cache.podsOf("shop", "demo"))).toEqual(["demo-0"]);
    expect(namesOf(cache.podsOf("shop", "other"))).toEqual(["demo-0"]);
  });
});

describe("what the operator is told", () => {
  it("is every change of a set, and its end", async () => {
    expect(await toldBy(() => cluster.put(sets, aSet()))).toEqual(["set/shop/demo"]);
    const noted = aSet({ metadata: { resourceVersion: "8" }, annotations: { note: "x" } });
    expect(await toldBy(() => cluster.put(sets, noted))).toEqual(["set/shop/demo"]);
    expect(gone).toEqual([]);
    expect(await toldBy(() => cluster.remove(sets, noted))).toEqual(["set/shop/demo"]);
    expect(gone).toEqual(["demo"]);
  });

  it("is every change of a pod that a plan could see, and its end", async () => {
    expect(await toldBy(() => cluster.put(pods, aPod()))).toEqual(["set/shop/demo"]);
    const noted = aPod({ metadata: { resourceVersion: "12" }, annotations: { note: "x" } });
    expect(await toldBy(() => cluster.put(pods, noted))).toEqual([]);
    const failed = aPod({ metadata: { resourceVersion: "13" }, state: "failed" });
    expect(await toldBy(() => cluster.put(pods, failed))).toEqual(["set/shop/demo"]);
    expect(await toldBy(() => cluster.remove(pods, failed))).toEqual(["set/shop/demo"]);
  });

  it("is a change of a pod for the CocoonHibernations that name it", async () => {
    await cluster.put(hibernations, aHibernation("demo-0"));
    const orphan = aPod({ metadata: { ownerReferences: [] } });
    expect(await toldBy(() => cluster.put(pods, orphan))).toEqual(["pod/shop/demo-0", "set/shop/demo"]);
  });
});

describe("what the operator has written itself", () => {
  const written = (resourceVersion: string, options: PodOptions = {}): SlimPod =>
    slimPod(aPod({ ...options, metadata: { ...options.metadata, resourceVersion } }));

  it("counts until the informer shows it, which then is no news", async () => {
    cache.written.pods.put(written("20"));
    expect(namesOf(cache.podsOf("shop", "demo"))).toEqual(["demo-0"]);
    expect(cache.isBehind(setKey)).toBe(true);
    expect(cache.isBehind({ ...setKey, name: "other" })).toBe(false);
    expect(await toldBy(() => cluster.put(pods, aPod({ metadata: { resourceVersion: "20" } })))).toEqual([]);
    expect(cache.isBehind(setKey)).toBe(false);
    const byOthers = aPod({ metadata: { resourceVersion: "21" }, state: "failed" });
    expect(await toldBy(() => cluster.put(pods, byOthers))).toEqual(["set/shop/demo"]);
  });

  it("counts over an older version that the informer still shows", async () => {
    await cluster.put(pods, aPod());
    cache.written.pods.put(written("20", { state: "hibernated" }));
    expect(cache.podsOf("shop", "demo").map(({ metadata }) => metadata.resourceVersion)).toEqual(["20"]);
    cache.written.pods.gone(written("20"));
    expect(cache.podsOf("shop", "demo")).toEqual([]);
  });

  it("counts of a set as well", async () => {
    await cluster.put(sets, aSet());
    cache.written.sets.put(storedSet(aSet({ metadata: { resourceVersion: "30" } })));
    expect(cache.set("shop", "demo")?.metadata.resourceVersion).toBe("30");
    expect(cache.isBehind(setKey)).toBe(true);
    expect(await toldBy(() => cluster.put(sets, aSet({ metadata: { resourceVersion: "30" } })))).toEqual([]);
    expect(cache.isBehind(setKey)).toBe(false);
  });
});

describe("the key of a CocoonHibernation", () => {
  const withToolbox = { spec: { toolboxes: [{ name: "db", image: "a" }] } };
  /** Under which of the keys of `demo` and of the pod it is worked. */
  const workedUnder = (pod: string): readonly string[] =>
    ([setKey, { kind: "pod", namespace: "shop", name: pod }] satisfies readonly WorkKey[])
      .filter((key) => namesOf(cache.hibernationsOf(key)).includes(pod))
      .map(keyText);

  it("is that of the set that owns its pod", async () => {
    await cluster.put(sets, aSet());
    await cluster.put(pods, aPod());
    expect(await toldBy(() => cluster.put(hibernations, aHibernation("demo-0")))).toEqual(["set/shop/demo"]);
    expect(workedUnder("demo-0")).toEqual(["set/shop/demo"]);
  });

  it("is that of the set that asks for its pod, before there is one", async () => {
    await cluster.put(sets, aSet(withToolbox));
    for (const pod of ["demo-0", "demo-db", "demo-1", "demo-x-y"]) {
      await cluster.put(hibernations, aHibernation(pod));
    }
    expect([workedUnder("demo-0"), workedUnder("demo-db")]).toEqual([["set/shop/demo"], ["set/shop/demo"]]);
    expect([workedUnder("demo-1"), workedUnder("demo-x-y")]).toEqual([
      ["pod/shop/demo-1"],
      ["pod/shop/demo-x-y"],
    ]);
  });

  it("is its pod's where that belongs to nobody, or to a set that is gone", async () => {
    await cluster.put(hibernations, aHibernation("demo-0"));
    await cluster.put(pods, aPod());
    expect(workedUnder("demo-0")).toEqual(["pod/shop/demo-0"]);
    await cluster.put(sets, aSet());
    expect(workedUnder("demo-0")).toEqual(["set/shop/demo"]);
    const orphan = aPod({ metadata: { resourceVersion: "12", ownerReferences: [] } });
    await cluster.put(pods, orphan);
    expect(workedUnder("demo-0")).toEqual(["pod/shop/demo-0"]);
  });

  it("is told anew when the spec of a set takes its pod in, or leaves it out", async () => {
    await cluster.put(sets, aSet());
    await cluster.put(hibernations, aHibernation("demo-db"));
    expect(workedUnder("demo-db")).toEqual(["pod/shop/demo-db"]);
    const edited = aSet({ ...withToolbox, metadata: { resourceVersion: "8", generation: 4 } });
    await cluster.put(sets, edited);
    expect(workedUnder("demo-db")).toEqual(["set/shop/demo"]);
    const back = aSet({ metadata: { resourceVersion: "9", generation: 5 } });
    expect(await toldBy(() => cluster.put(sets, back))).toEqual(["pod/shop/demo-db", "set/shop/demo"]);
    // Nothing of the kind is due where only its status has changed.
    const said = aSet({ metadata: { resourceVersion: "10", generation: 5 } });
    expect(await toldBy(() => cluster.put(sets, said))).toEqual(["set/shop/demo"]);
  });
});

describe("sets whose VMs may share a name", () => {
  const named = (namespace: string, name: string): KubeObject =>
    aSet({ metadata: { namespace, name, uid: `${namespace}/${name}` } });
  const rivalsOf = (namespace: string, name: string): readonly string[] => {
    const set = cache.set(namespace, name);
    const found: readonly StoredSet[] = set === undefined ? [] : cache.rivalsOf(set);
    return found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();
  };

  it("are found from both sides, and are told of each other", async () => {
    await cluster.put(sets, named("a", "b-c"));
    expect(await toldBy(() => cluster.put(sets, named("a-b", "c")))).toEqual(["set/a-b/c", "set/a/b-c"]);
    await cluster.put(sets, named("a", "b"));
    await cluster.put(sets, named("ab", "c"));
    expect(rivalsOf("a", "b-c")).toEqual(["a-b/c", "a/b"]);
    expect(rivalsOf("a-b", "c")).toEqual(["a/b", "a/b-c"]);
    expect(rivalsOf("a", "b")).toEqual(["a-b/c", "a/b-c"]);
    expect(rivalsOf("ab", "c")).toEqual([]);
    expect(await toldBy(() => cluster.remove(sets, named("a", "b")))).toEqual([
      "set/a-b/c",
      "set/a/b",
      "set/a/b-c",
    ]);
  });
});
