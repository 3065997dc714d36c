import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentPod, cocoonSet, type SetOptions } from "../../../../test/support/operator/objects.js";
import { taken } from "../../../../test/support/operator/planned.js";
import { WatchedCluster } from "../../../../test/support/operator/watched-cluster.js";
import { ClusterWriter } from "../act/index.js";
import { readSet } from "../model/index.js";
import { ClusterCache, slimPod, type WorkKey } from "../observe/index.js";
import { Observer } from "./observer.js";
import type { Round } from "./round.js";

const path = "/apis/cocoonset.cocoonstack.io/v1/cocoonsets";

let cluster: WatchedCluster;
let cache: ClusterCache;
let observer: Observer;
let stop: () => Promise<void>;

beforeEach(async () => {
  const ended = new AbortController();
  cluster = new WatchedCluster();
  cache = new ClusterCache({
    connection: cluster,
    onChange: () => undefined,
    onSetGone: () => undefined,
    observer: () => ({}),
  });
  observer = new Observer(cache, new ClusterWriter(cluster, ended.signal));
  const running = cache.run(ended.signal);
  stop = async () => {
    ended.abort();
    await running;
  };
  await cache.whenSynced(ended.signal);
});
afterEach(() => stop());

/** Two sets whose VMs would have one name. They are of one age, so the first is first by its name. */
const [first, second] = [
  { namespace: "a", name: "b-c" },
  { namespace: "a-b", name: "c" },
] as const;
type Named = typeof first | typeof second;

const setOf = (named: Named, options: SetOptions = {}): Decoded<CocoonSet> =>
  cocoonSet({
    ...options,
    metadata: {
      ...named,
      uid: `uid-${named.name}`,
      creationTimestamp: "2026-03-01T12:00:00Z",
      ...options.metadata,
    },
  });
const put = (set: Decoded<CocoonSet>): Promise<void> => cluster.put(path, set as unknown as KubeObject);
const keyOf = (named: Named): WorkKey => ({ kind: "set", ...named });
const creates = ({ subjects }: Round): readonly string[] =>
  subjects.flatMap(({ plan }) => taken(plan(new Map())).acts).filter((act) => act.startsWith("create"));
const createsOf = async (named: Named): Promise<readonly string[]> =>
  creates(await observer.observe(keyOf(named)));

describe("two sets that ask for a VM of one name", () => {
  it("are never both told to create it, though neither has it yet", async () => {
    await put(setOf(second));
    expect(await createsOf(second)).toEqual(["create c-0"]);
    // Its pod is on its way to the API server.
    await put(setOf(first));
    const round = await observer.observe(keyOf(first));
    expect([creates(round), round.lookAgainMs]).toEqual([[], 10_000]);

    const pod = agentPod(readSet(setOf(second)), 0);
    cache.written.pods.put(slimPod({ ...pod, metadata: { ...pod.metadata, namespace: second.namespace } }));
    await observer.observe(keyOf(second));
    expect(await createsOf(first)).toEqual([]);
  });

  it("go by their age again once the one that was planned first is planned anew", async () => {
    await put(setOf(second));
    await createsOf(second);
    await put(setOf(first));
    // It did not come to create anything.
    expect(await createsOf(second)).toEqual([]);
    expect(await createsOf(first)).toEqual(["create b-c-0"]);
    expect(await createsOf(second)).toEqual([]);
  });

  it.each([
    ["its records cannot be read", { annotations: { "cocoonset.cocoonstack.io/snapshots": "{" } }],
    ["it cannot be read as a whole", { agent: { replicas: "two" } }],
  ])("leave it to one that may have it, because %s, and look again whether it has", async (_, options) => {
    await put(setOf(first));
    await put(setOf(second, options));
    const round = await observer.observe(keyOf(first));
    expect([creates(round), round.lookAgainMs]).toEqual([[], 10_000]);
    await put(setOf(second, { metadata: { resourceVersion: "8" } }));
    expect(await createsOf(first)).toEqual(["create b-c-0"]);
  });
});
