import type { CocoonHibernation, CocoonSet, Condition, Decoded } from "@cocoonstack/common/apis/v1";
import { type NewCondition, setStatusCondition } from "@cocoonstack/common/k8s";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { planHibernation } from "../../../packages/operator/src/hibernations/index.js";
import {
  type Action,
  type Plan,
  type PodManifest,
  type PodView,
  type Proof,
  type TagFact,
  tagKey,
  type TagRef,
} from "../../../packages/operator/src/model/index.js";
import { planCocoonSet } from "../../../packages/operator/src/sets/index.js";
import { Ledger } from "./ledger.js";
import { nowMs } from "./objects.js";
import { type Content, Node } from "./node.js";

type Fields = Record<string, unknown>;

/** An object of the API, as far as the operator writes it. */
interface Stored {
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
    deletionTimestamp?: string;
    finalizers: string[];
    annotations: Record<string, string>;
  };
  spec: Fields;
  status: Fields;
}

/** What the operator sees of the world in one round; it may be older than the world. */
interface View {
  readonly set: Stored | undefined;
  readonly pods: readonly PodView[];
  readonly hibernations: readonly Stored[];
}

const asSet = (stored: Stored): Decoded<CocoonSet> => stored;
const asHibernation = (stored: Stored): Decoded<CocoonHibernation> => stored;

/** Whatever changes about an object is replaced in it, never changed inside. */
const copyOf = ({ metadata, ...rest }: Stored): Stored => ({ ...rest, metadata: { ...metadata } });

/** Views that an informer may still show. */
const mostViews = 16;

/**
 * One CocoonSet in one namespace, with its pods, its node, a registry and a clock, in memory. Plans are carried out action by
 * action, with the preconditions that a real API server and registry would check, and can be cut off after any of them.
 */
export class World {
  timeMs = nowMs;
  set: Stored | undefined;
  readonly pods = new Map<string, PodView>();
  readonly hibernations = new Map<string, Stored>();
  readonly tags = new Map<string, Content>();
  /** What the law says, told of everything that happens. */
  readonly ledger = new Ledger();
  readonly node = new Node(this);
  isRegistryUp = true;
  #version = 100;
  #views: View[] = [];

  constructor(spec: Fields) {
    this.set = this.#store("demo", spec);
    this.remember();
  }

  /** The next resourceVersion, or anything else that has to be new. */
  next(): string {
    return String(++this.#version);
  }

  #store(name: string, spec: Fields): Stored {
    const uid = `uid-${this.next()}`;
    const creationTimestamp = new Date(this.timeMs).toISOString();
    return {
      metadata: {
        ...{ name, namespace: "shop", uid, creationTimestamp },
        ...{ resourceVersion: this.next(), generation: 1, finalizers: [], annotations: {} },
      },
      spec,
      status: {},
    };
  }

  /** Keeps what there is now as something that may be seen later. */
  remember(): void {
    this.#views.unshift({
      set: this.set && copyOf(this.set),
      pods: [...this.pods.values()],
      hibernations: [...this.hibernations.values()].map(copyOf),
    });
    this.#views = this.#views.slice(0, mostViews);
  }

  // What people do.

  /** Edits the spec of the set. */
  edit(change: Fields): void {
    if (this.set === undefined) return;
    this.set.spec = { ...this.set.spec, ...change };
    this.set.metadata.generation++;
    this.set.metadata.resourceVersion = this.next();
  }

  /** Asks for a CocoonHibernation, or flips the one that there is. */
  hibernate(podName: string, desire: "Hibernate" | "Wake"): void {
    const stored = this.hibernations.get(podName);
    if (stored === undefined) {
      this.hibernations.set(podName, this.#store(podName, { podRef: { name: podName }, desire }));
    } else if (stored.metadata.deletionTimestamp === undefined && stored.spec["desire"] !== desire) {
      stored.spec = { ...stored.spec, desire };
      stored.metadata.generation++;
      stored.metadata.resourceVersion = this.next();
    }
  }

  /** Deletes the set or a CocoonHibernation, as the API server does: it goes when its finalizers have gone. */
  remove(stored: Stored | undefined): void {
    if (stored === undefined) return;
    stored.metadata.deletionTimestamp ??= new Date(this.timeMs).toISOString();
    stored.metadata.resourceVersion = this.next();
    this.#collect();
  }

  #collect(): void {
    for (const [name, { metadata }] of this.hibernations) {
      if (metadata.deletionTimestamp !== undefined && metadata.finalizers.length === 0)
        this.hibernations.delete(name);
    }
    const set = this.set?.metadata;
    if (set?.deletionTimestamp !== undefined && set.finalizers.length === 0) this.set = undefined;
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
   * Plans one object by a view that may be out of date, and carries the plan out.
   *
   * @param between What happens between the facts and the first action, and between any two actions; false cuts the plan off.
   * @returns Whether the plan held anything to do.
   */
  round(key: string, age: number, between: () => boolean = () => true): boolean {
    const view = this.#views[age] ?? this.#views.at(-1);
    const planned = view && this.#planWithFacts(key, view);
    return planned !== undefined && this.#carryOut(planned[0], key, planned[1], between);
  }

  /** Fetches what the plan asks for, as often as the answers bring up further questions. */
  #planWithFacts(key: string, view: View): [Plan<object>, Stored] | undefined {
    const facts = new Map<string, TagFact>();
    for (;;) {
      const planned = this.#plan(key, view, facts);
      const open = planned?.[0].asks.filter((ref) => !facts.has(tagKey(ref))) ?? [];
      if (open.length === 0) return planned;
      for (const ref of open) facts.set(tagKey(ref), this.tagFact(ref));
    }
  }

  #plan(key: string, view: View, tags: ReadonlyMap<string, TagFact>): [Plan<object>, Stored] | undefined {
    const hibernations = view.hibernations.map(asHibernation);
    if (key === "") {
      if (view.set === undefined) return undefined;
      const { pods } = view;
      const takenVMNames = new Map<string, string>();
      const observation = {
        nowMs: this.timeMs,
        set: asSet(view.set),
        pods,
        hibernations,
        tags,
        takenVMNames,
      };
      return [planCocoonSet(observation), view.set];
    }
    const own = view.hibernations.find(({ metadata }) => metadata.name === key);
    if (own === undefined) return undefined;
    const pod = view.pods.find(({ metadata }) => metadata.name === key);
    const sets = view.set === undefined ? [] : [asSet(view.set)];
    return [
      planHibernation({ nowMs: this.timeMs, hibernation: asHibernation(own), hibernations, sets, pod, tags }),
      own,
    ];
  }

  #carryOut(plan: Plan<object>, key: string, owner: Stored, between: () => boolean): boolean {
    let hasActed = false;
    for (const action of plan.actions) {
      if (action.kind === "requeue" || action.kind === "emit-event") continue;
      if (!between()) return true;
      this.#act(action, key);
      hasActed = true;
    }
    const isWritten =
      between() && plan.status !== undefined && this.#writeStatus(key, owner.metadata.uid, plan.status);
    return hasActed || isWritten;
  }

  #stored(key: string): Stored | undefined {
    return key === "" ? this.set : this.hibernations.get(key);
  }

  #writeStatus(key: string, uid: string, status: object): boolean {
    const stored = this.#stored(key);
    if (stored?.metadata.uid !== uid) return false;
    const before = JSON.stringify(stored.status);
    const { conditions: planned, ...rest } = status as { readonly conditions: readonly NewCondition[] };
    const conditions = structuredClone((stored.status["conditions"] ?? []) as Condition[]);
    for (const condition of planned) setStatusCondition(conditions, condition, new Date(this.timeMs));
    stored.status = { ...stored.status, ...rest, conditions };
    if (JSON.stringify(stored.status) === before) return false;
    stored.metadata.resourceVersion = this.next();
    return true;
  }

  #holds(proof: Proof, key: string): boolean {
    switch (proof.kind) {
      case "owner-unchanged":
        return this.#stored(key)?.metadata.resourceVersion === proof.resourceVersion;
      case "pod-unchanged":
        return this.#isVersion(proof);
      case "pod-absent":
        return !this.pods.has(proof.name);
      case "tag-is":
        return this.isRegistryUp && this.tags.get(tagKey(proof))?.digest === proof.digest;
    }
  }

  #isVersion({
    name,
    uid,
    resourceVersion,
  }: {
    name: string;
    uid: string;
    resourceVersion: string;
  }): boolean {
    const pod = this.pods.get(name)?.metadata;
    return pod?.uid === uid && pod.resourceVersion === resourceVersion;
  }

  #act(action: Action, key: string): void {
    if ("provided" in action && !this.#prove(action.provided, key)) return;
    if ("name" in action && !this.#isVersion(action)) return;
    switch (action.kind) {
      case "create-pod":
        this.#createPod(action.pod);
        return;
      case "delete-pod":
        this.#operatorDeletes(action.name);
        return;
      case "patch-pod":
        this.#patchPod(action.name, action.annotations);
        return;
      case "retag":
      case "delete-tag":
        this.#tag(action);
        return;
      default:
        this.#writeOwner(action, key);
    }
  }

  #writeOwner(action: Action, key: string): void {
    if (action.kind === "patch-owner") this.#patchOwner(action, key);
    if (action.kind === "add-finalizer" || action.kind === "remove-finalizer") this.#finalize(action, key);
  }

  #createPod(pod: PodManifest): void {
    if (this.pods.has(pod.metadata.name)) return;
    this.putPod({ ...pod, metadata: { ...pod.metadata, uid: `uid-${this.next()}`, resourceVersion: "" } });
  }

  #operatorDeletes(name: string): void {
    this.ledger.operatorDeletes(this, name);
    this.deletePod(name);
  }

  #prove(proofs: readonly Proof[], key: string): boolean {
    return proofs.every((proof) => this.#holds(proof, key));
  }

  #patchPod(name: string, changes: Readonly<Record<string, string | null>>): void {
    const pod = this.pods.get(name);
    if (pod === undefined) return;
    this.putPod({
      ...pod,
      metadata: { ...pod.metadata, annotations: patched(pod.metadata.annotations ?? {}, changes) },
    });
  }

  #patchOwner(action: Extract<Action, { kind: "patch-owner" }>, key: string): void {
    const stored = this.#stored(key);
    if (stored?.metadata.resourceVersion !== action.resourceVersion) return;
    stored.metadata.annotations = patched(stored.metadata.annotations, action.annotations);
    stored.metadata.resourceVersion = this.next();
  }

  #finalize(action: Extract<Action, { kind: "add-finalizer" | "remove-finalizer" }>, key: string): void {
    const stored = this.#stored(key);
    if (stored?.metadata.resourceVersion !== action.resourceVersion) return;
    const others = stored.metadata.finalizers.filter((finalizer) => finalizer !== action.finalizer);
    stored.metadata.finalizers = action.kind === "add-finalizer" ? [...others, action.finalizer] : others;
    stored.metadata.resourceVersion = this.next();
    this.#collect();
  }

  #tag(action: Extract<Action, { kind: "retag" | "delete-tag" }>): void {
    if (!this.isRegistryUp) return;
    if (action.kind === "delete-tag") {
      if (this.tags.get(tagKey(action))?.digest === action.digest) this.tags.delete(tagKey(action));
      return;
    }
    const { vmName, digest, to } = action;
    const from = [...this.tags].find(
      ([name, content]) => name.startsWith(`${vmName}:`) && content.digest === digest,
    );
    if (from !== undefined) this.tags.set(tagKey({ vmName, tag: to }), from[1]);
  }

  // For whoever looks on.

  /** Whether the set asks for a VM, and is there to. */
  isWanted(vmName: string): boolean {
    const { set } = this;
    if (set?.metadata.deletionTimestamp !== undefined || set === undefined) return false;
    const { agent, toolboxes = [] } = set.spec as {
      agent: { replicas?: number };
      toolboxes?: { name: string }[];
    };
    const slots = Array.from({ length: 1 + (agent.replicas ?? 0) }, (_, slot) => String(slot));
    return [...slots, ...toolboxes.map(({ name }) => name)].some(
      (slot) => vmNameForPod("shop", `demo-${slot}`) === vmName,
    );
  }

  /** The names of all objects that are planned: the set (empty), and the CocoonHibernations. */
  keys(): readonly string[] {
    return ["", ...this.hibernations.keys()];
  }
}

function patched(
  annotations: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...annotations, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );
}
