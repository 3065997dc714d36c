import { labelCocoonSet, vmNameForPod } from "@cocoonstack/common/meta";
import {
  type PodView,
  type TagFact,
  tagKey,
  type TagRef,
} from "../../../packages/operator/src/model/index.js";
import { Ledger } from "./ledger.js";
import { nowMs } from "./objects.js";
import { type Content, Node } from "./node.js";
import { Shell } from "./shell.js";
import { copyOf, type Fields, type Stored } from "./stored.js";

/** What the operator sees of the world in one round; it may be older than the world. */
export interface View {
  readonly sets: ReadonlyMap<string, Stored>;
  readonly pods: readonly PodView[];
  readonly hibernations: readonly Stored[];
}

/** Views that an informer may still show. */
const mostViews = 16;

/** The namespace of the one set that is always there at first. */
const firstNamespace = "shop";

/**
 * CocoonSets, each in a namespace of its own, with their pods, a node, a registry and a clock, in memory. Names are unique over all
 * namespaces, those of pods too, so that everything is found by its name alone.
 */
export class World {
  timeMs = nowMs;
  readonly sets = new Map<string, Stored>();
  readonly pods = new Map<string, PodView>();
  /** By the name of the pod that they speak of. */
  readonly hibernations = new Map<string, Stored>();
  readonly tags = new Map<string, Content>();
  /** What the law says, told of everything that happens. */
  readonly ledger = new Ledger();
  readonly node = new Node(this);
  isRegistryUp = true;
  readonly #shell = new Shell(this);
  /** What was written in the annotations that somebody has made unreadable, by the name of the set. */
  readonly #spoilt = new Map<string, Record<string, string>>();
  #version = 100;
  #views: View[] = [];

  /** A world with the set `demo` in the namespace `shop`. */
  constructor(spec: Fields) {
    this.create("demo", firstNamespace, spec);
    this.remember();
  }

  /** The set `demo`. */
  get set(): Stored | undefined {
    return this.sets.get("demo");
  }

  /** The next resourceVersion, or anything else that has to be new. */
  next(): string {
    return String(++this.#version);
  }

  #store(name: string, namespace: string, spec: Fields): Stored {
    const uid = `uid-${this.next()}`;
    // To the second, as the API server has it.
    const creationTimestamp = new Date(Math.trunc(this.timeMs / 1_000) * 1_000).toISOString();
    return {
      metadata: {
        ...{ name, namespace, uid, creationTimestamp },
        ...{ resourceVersion: this.next(), generation: 1, finalizers: [], annotations: {} },
      },
      spec,
      status: {},
    };
  }

  /** Keeps what there is now as something that may be seen later. */
  remember(): void {
    this.#views.unshift({
      sets: new Map([...this.sets].map(([name, set]) => [name, copyOf(set)])),
      pods: [...this.pods.values()],
      hibernations: [...this.hibernations.values()].map(copyOf),
    });
    this.#views = this.#views.slice(0, mostViews);
  }

  /** What could be seen so many changes ago, or as long ago as anybody remembers. */
  view(age: number): View | undefined {
    return this.#views[age] ?? this.#views.at(-1);
  }

  // What people do.

  /** Creates a set, unless there is one of that name. */
  create(name: string, namespace: string, spec: Fields): void {
    if (!this.sets.has(name)) this.sets.set(name, this.#store(name, namespace, spec));
  }

  /** Edits the spec of a set. */
  edit(change: Fields, name = "demo"): void {
    const set = this.sets.get(name);
    if (set === undefined) return;
    set.spec = { ...set.spec, ...change };
    set.metadata.generation++;
    set.metadata.resourceVersion = this.next();
  }

  /** Makes what the operator has written on a set unreadable, or puts it back as it was. */
  spoil(name: string, isSpoilt: boolean): void {
    const set = this.sets.get(name);
    const before = this.#spoilt.get(name);
    if (set === undefined || isSpoilt === (before !== undefined)) return;
    if (before === undefined) this.#spoilt.set(name, set.metadata.annotations);
    else this.#spoilt.delete(name);
    set.metadata.annotations = before ?? {
      ...set.metadata.annotations,
      "cocoonset.cocoonstack.io/snapshots": "{",
    };
    set.metadata.resourceVersion = this.next();
  }

  /** Asks for a CocoonHibernation, or flips the one that there is. */
  hibernate(podName: string, desire: "Hibernate" | "Wake", namespace = firstNamespace): void {
    const stored = this.hibernations.get(podName);
    if (stored === undefined) {
      this.hibernations.set(podName, this.#store(podName, namespace, { podRef: { name: podName }, desire }));
    } else if (stored.metadata.deletionTimestamp === undefined && stored.spec["desire"] !== desire) {
      stored.spec = { ...stored.spec, desire };
      stored.metadata.generation++;
      stored.metadata.resourceVersion = this.next();
    }
  }

  /** Deletes a set or a CocoonHibernation, as the API server does: it goes when its finalizers have gone. */
  remove(stored: Stored | undefined): void {
    if (stored === undefined) return;
    stored.metadata.deletionTimestamp ??= new Date(this.timeMs).toISOString();
    stored.metadata.resourceVersion = this.next();
    this.collect();
  }

  /** Lets go what was deleted and nothing holds any more. */
  collect(): void {
    for (const objects of [this.hibernations, this.sets]) {
      for (const [name, { metadata }] of objects) {
        if (metadata.deletionTimestamp === undefined || metadata.finalizers.length > 0) continue;
        objects.delete(name);
        if (objects === this.sets) this.#spoilt.delete(name);
      }
    }
  }

  /** Deletes a pod; its node lets it go when it is done with it. */
  deletePod(name: string): void {
    const pod = this.pods.get(name);
    if (pod === undefined || pod.metadata.deletionTimestamp != null) return;
    this.putPod({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: new Date(this.timeMs).toISOString() },
    });
  }

  /** Takes an annotation off a pod. */
  takeOff(name: string, key: string): void {
    const pod = this.pods.get(name);
    if (pod === undefined) return;
    const others = Object.entries(pod.metadata.annotations ?? {}).filter(([one]) => one !== key);
    this.putPod({ ...pod, metadata: { ...pod.metadata, annotations: Object.fromEntries(others) } });
  }

  /** Writes a pod, in a new version. */
  putPod(pod: PodView): void {
    this.pods.set(pod.metadata.name, { ...pod, metadata: { ...pod.metadata, resourceVersion: this.next() } });
  }

  // What the registry says.

  tagFact(ref: TagRef): TagFact {
    if (!this.isRegistryUp) return { state: "unknown", message: "connection refused" };
    const content = this.tags.get(tagKey(ref));
    return content === undefined ? { state: "absent" } : { state: "present", digest: content.digest };
  }

  // What the operator does.

  /**
   * Plans one object by a view that may be out of date, and carries the plan out. An object that is being worked is not worked at the same
   * time once more.
   *
   * @param key The name of a set, or of a CocoonHibernation.
   * @param between What happens between the facts and the first action, and between any two actions; false cuts the plan off.
   * @returns Whether the plan held anything to do.
   */
  round(key: string, age: number, between?: () => boolean): boolean {
    return this.#shell.round(key, age, between);
  }

  // For whoever looks on.

  /** The name of the set of a pod. */
  setNameOf = ({ metadata }: PodView): string => metadata.labels?.[labelCocoonSet] ?? "";

  /** Whether a set asks for a VM, and is there to. */
  isWanted(vmName: string, setName: string): boolean {
    const set = this.sets.get(setName);
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return false;
    const { agent, toolboxes = [] } = set.spec as {
      agent: { replicas?: number };
      toolboxes?: { name: string }[];
    };
    const slots = Array.from({ length: 1 + (agent.replicas ?? 0) }, (_, slot) => String(slot));
    return [...slots, ...toolboxes.map(({ name }) => name)].some(
      (slot) => vmNameForPod(set.metadata.namespace, `${setName}-${slot}`) === vmName,
    );
  }

  /** Whether the policy of a set keeps the state of a VM that it asks for no more. */
  keeps(vmName: string, setName: string): boolean {
    const set = this.sets.get(setName);
    const policy = set?.spec["snapshotPolicy"] ?? "always";
    const main = set && vmNameForPod(set.metadata.namespace, `${setName}-0`);
    return policy === "always" || (policy === "main-only" && vmName === main);
  }

  /** The names of all objects that are planned: the sets, and the CocoonHibernations. */
  keys(): readonly string[] {
    return [...this.sets.keys(), ...this.hibernations.keys()];
  }
}
