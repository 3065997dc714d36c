import type { CocoonHibernation, CocoonSet, Condition, Decoded } from "@cocoonstack/common/apis/v1";
import { type NewCondition, setStatusCondition } from "@cocoonstack/common/k8s";
import { vmNameForPod } from "@cocoonstack/common/meta";
import type { Act } from "../../../packages/operator/src/act/index.js";
import { Reservations } from "../../../packages/operator/src/control/reservations.js";
import { planHibernation } from "../../../packages/operator/src/hibernations/index.js";
import {
  type Plan,
  type PodManifest,
  type PodVersion,
  type Proof,
  type TagFact,
  type TagFacts,
  tagKey,
} from "../../../packages/operator/src/model/index.js";
import type { StoredSet } from "../../../packages/operator/src/observe/index.js";
import { isVMNameOf } from "../../../packages/operator/src/pods/index.js";
import {
  type Claimant,
  claimantOf,
  planCocoonSet,
  type TakenVMNames,
  takenVMNames,
} from "../../../packages/operator/src/sets/index.js";
import { namespaceOf, patched, type Stored } from "./stored.js";
import type { View, World } from "./world.js";

const asSet = (stored: Stored): Decoded<CocoonSet> => stored;
const asHibernation = (stored: Stored): Decoded<CocoonHibernation> => stored;

/** One object in one round. */
interface Subject {
  readonly key: string;
  /** As it was seen. */
  readonly seen: Stored;
  readonly plan: (tags: TagFacts) => Plan<object>;
}

type OwnerAct = Extract<Act, { kind: "patch-owner" | "add-finalizer" | "remove-finalizer" }>;

/**
 * The operator's shell, in memory: plans are carried out action by action, with the preconditions that a real API server and registry
 * would check, and can be cut off after any of them.
 */
export class Shell {
  readonly #world: World;
  readonly #reservations = new Reservations();
  /** The namespaces, of one set each, that are being worked. */
  readonly #busy = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** See `World.round`. */
  round(key: string, age: number, between: () => boolean = () => true): boolean {
    const view = this.#world.view(age);
    const [set, hibernation] = [
      view?.sets.get(key),
      view?.hibernations.find(({ metadata }) => metadata.name === key),
    ];
    const seen = set ?? hibernation;
    if (view === undefined || seen === undefined) return false;
    const { namespace } = seen.metadata;
    if (this.#busy.has(namespace)) return false;
    this.#busy.add(namespace);
    try {
      const subject = set === undefined ? this.#hibernationOf(key, seen, view) : this.#setOf(key, set, view);
      return this.#carryOut(this.#planWithFacts(subject), subject, between);
    } finally {
      this.#busy.delete(namespace);
    }
  }

  #setOf(key: string, seen: Stored, view: View): Subject {
    const { namespace } = seen.metadata;
    const taken = this.#takenVMNames(key, seen);
    this.#reservations.grant(keyOf(seen), { value: asSet(seen) } as StoredSet, taken);
    return {
      key,
      seen,
      plan: (tags) =>
        planCocoonSet({
          nowMs: this.#world.timeMs,
          set: asSet(seen),
          pods: view.pods.filter((pod) => namespaceOf(pod) === namespace),
          hibernations: hibernationsIn(view, namespace),
          tags,
          takenVMNames: taken,
        }),
    };
  }

  #hibernationOf(key: string, seen: Stored, view: View): Subject {
    const { namespace } = seen.metadata;
    return {
      key,
      seen,
      plan: (tags) =>
        planHibernation({
          nowMs: this.#world.timeMs,
          hibernation: asHibernation(seen),
          hibernations: hibernationsIn(view, namespace),
          sets: [...view.sets.values()].filter((set) => set.metadata.namespace === namespace).map(asSet),
          rivals: [...view.sets.values()]
            .filter(({ metadata }) => metadata.namespace !== namespace)
            .filter(({ metadata }) => isVMNameOf(metadata, vmNameForPod(namespace, key)))
            .map(asSet),
          pod: view.pods.find(({ metadata }) => metadata.name === key),
          tags,
        }),
    };
  }

  /** What other sets have is what the operator has given them, and that it knows at once, however old its view is of what others do. */
  #takenVMNames(key: string, seen: Stored): TakenVMNames {
    const { sets, pods } = this.#world;
    const claimant = (set: Stored): Claimant => {
      const { namespace } = set.metadata;
      const own = [...pods.values()].filter((pod) => namespaceOf(pod) === namespace);
      return claimantOf(asSet(set), own, undefined);
    };
    const rivals = [...sets].filter(([name]) => name !== key).map(([, set]) => set);
    return takenVMNames(
      claimant(seen),
      rivals.map((rival) => {
        const { held, ...others } = claimant(rival);
        return { ...others, held: new Set([...held, ...this.#reservations.of(keyOf(rival))]) };
      }),
    );
  }

  /** Fetches what the plan asks for, as often as the answers bring up further questions. */
  #planWithFacts({ plan }: Subject): Plan<object> {
    const facts = new Map<string, TagFact>();
    for (;;) {
      const planned = plan(facts);
      const open = planned.asks.filter((ref) => !facts.has(tagKey(ref)));
      if (open.length === 0) return planned;
      for (const ref of open) facts.set(tagKey(ref), this.#world.tagFact(ref));
    }
  }

  #carryOut(plan: Plan<object>, subject: Subject, between: () => boolean): boolean {
    let hasActed = false;
    for (const action of plan.actions) {
      if (action.kind === "requeue" || action.kind === "emit-event") continue;
      if (!between()) return true;
      this.#act(action, subject);
      hasActed = true;
    }
    const isWritten = between() && plan.status !== undefined && this.#writeStatus(subject, plan.status);
    return hasActed || isWritten;
  }

  /** The object as it is now. */
  #live({ key, seen }: Subject): Stored | undefined {
    const stored = this.#world.sets.get(key) ?? this.#world.hibernations.get(key);
    return stored?.metadata.uid === seen.metadata.uid ? stored : undefined;
  }

  #writeStatus(subject: Subject, status: object): boolean {
    const stored = this.#live(subject);
    if (stored === undefined) return false;
    const before = JSON.stringify(stored.status);
    const { conditions: planned, ...rest } = status as { readonly conditions: readonly NewCondition[] };
    const conditions = structuredClone((stored.status["conditions"] ?? []) as Condition[]);
    for (const condition of planned) setStatusCondition(conditions, condition, new Date(this.#world.timeMs));
    stored.status = { ...stored.status, ...rest, conditions };
    if (JSON.stringify(stored.status) === before) return false;
    stored.metadata.resourceVersion = this.#world.next();
    return true;
  }

  #holds(proof: Proof, subject: Subject): boolean {
    const { isRegistryUp, pods, tags } = this.#world;
    switch (proof.kind) {
      case "owner-unchanged":
        return this.#live(subject)?.metadata.resourceVersion === proof.resourceVersion;
      case "pod-unchanged":
        return this.#isVersion(proof);
      case "pod-absent":
        return !pods.has(proof.name);
      case "tag-is":
        return isRegistryUp && tags.get(tagKey(proof))?.digest === proof.digest;
    }
  }

  #isVersion({ name, uid, resourceVersion }: PodVersion): boolean {
    const pod = this.#world.pods.get(name)?.metadata;
    return pod?.uid === uid && pod.resourceVersion === resourceVersion;
  }

  #act(action: Act, subject: Subject): void {
    if (!this.#isAsPlanned(action, subject)) return;
    switch (action.kind) {
      case "create-pod":
        this.#createPod(action.pod);
        return;
      case "delete-pod":
        this.#world.ledger.operatorDeletes(this.#world, action.name);
        this.#world.deletePod(action.name);
        return;
      case "patch-pod":
        this.#patchPod(action.name, action.annotations);
        return;
      case "retag":
      case "delete-tag":
        this.#tag(action);
        return;
      case "patch-owner":
      case "add-finalizer":
      case "remove-finalizer":
        this.#writeOwner(action, subject);
    }
  }

  #isAsPlanned(action: Act, subject: Subject): boolean {
    if ("provided" in action && !action.provided.every((proof) => this.#holds(proof, subject))) return false;
    return !("name" in action) || this.#isVersion(action);
  }

  #createPod(pod: PodManifest): void {
    const world = this.#world;
    if (world.pods.has(pod.metadata.name)) return;
    world.putPod({ ...pod, metadata: { ...pod.metadata, uid: `uid-${world.next()}`, resourceVersion: "" } });
  }

  #patchPod(name: string, changes: Readonly<Record<string, string | null>>): void {
    const pod = this.#world.pods.get(name);
    if (pod === undefined) return;
    const annotations = patched(pod.metadata.annotations ?? {}, changes);
    this.#world.putPod({ ...pod, metadata: { ...pod.metadata, annotations } });
  }

  #writeOwner(action: OwnerAct, subject: Subject): void {
    const metadata = this.#live(subject)?.metadata;
    if (metadata?.resourceVersion !== action.resourceVersion) return;
    if (action.kind === "patch-owner") {
      metadata.annotations = patched(metadata.annotations, action.annotations);
    } else {
      const others = metadata.finalizers.filter((finalizer) => finalizer !== action.finalizer);
      metadata.finalizers = action.kind === "add-finalizer" ? [...others, action.finalizer] : others;
    }
    metadata.resourceVersion = this.#world.next();
    this.#world.collect();
  }

  #tag(action: Extract<Act, { kind: "retag" | "delete-tag" }>): void {
    const { isRegistryUp, tags } = this.#world;
    if (!isRegistryUp) return;
    if (action.kind === "delete-tag") {
      if (tags.get(tagKey(action))?.digest === action.digest) tags.delete(tagKey(action));
      return;
    }
    const { vmName, digest, to } = action;
    const from = [...tags].find(
      ([name, content]) => name.startsWith(`${vmName}:`) && content.digest === digest,
    );
    if (from !== undefined) tags.set(tagKey({ vmName, tag: to }), from[1]);
  }
}

const keyOf = ({ metadata: { namespace, name } }: Stored): Parameters<Reservations["of"]>[0] => ({
  kind: "set",
  namespace,
  name,
});

const hibernationsIn = (view: View, namespace: string): readonly Decoded<CocoonHibernation>[] =>
  view.hibernations.filter(({ metadata }) => metadata.namespace === namespace).map(asHibernation);
