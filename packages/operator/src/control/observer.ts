import { kindCocoonHibernation, kindCocoonSet } from "@cocoonstack/common/meta";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { ClusterWriter } from "../act/index.js";
import { OwnerVersion } from "../act/index.js";
import { planHibernation } from "../hibernations/index.js";
import { itemsOf, pollMs } from "../model/index.js";
import {
  type ClusterCache,
  keyText,
  type OwnWrites,
  slimPod,
  type SlimPod,
  storedHibernation,
  type StoredHibernation,
  storedSet,
  type StoredSet,
  type WorkKey,
} from "../observe/index.js";
import {
  type Claimant,
  claimantOf,
  planCocoonSet,
  type TakenVMNames,
  takenVMNames,
  vmNamesOf,
} from "../sets/index.js";
import { Reservations } from "./reservations.js";
import { type Planned, Results, type Round } from "./round.js";

/** What was written and is not shown by the informer after so long is looked up. */
const showLimitMs = 5_000;

/** How often a name that is somebody else's is looked at again: no watch tells of strangers' pods, or of what another set has given up. */
const takenMs = 10_000;

/** How often the pod of a CocoonHibernation that has come to its end is looked at, where no watch tells of it. */
const restingMs = 60_000;

/** Puts together what plans are made of. */
export class Observer {
  readonly #cache: ClusterCache;
  readonly #writer: ClusterWriter;
  /** Pods that do not bear the set's label and hold a name that it needs, by the key of the set. */
  readonly #strangers = new Map<string, Set<string>>();
  readonly #reservations = new Reservations();

  constructor(cache: ClusterCache, writer: ClusterWriter) {
    this.#cache = cache;
    this.#writer = writer;
  }

  /** There is a pod of this name, which the cache does not show. */
  stranger(key: WorkKey, podName: string): void {
    const names = this.#strangers.get(keyText(key)) ?? new Set();
    this.#strangers.set(keyText(key), names.add(podName));
  }

  /** Nothing is kept of what is gone. */
  forget(key: WorkKey): void {
    this.#strangers.delete(keyText(key));
    this.#reservations.forget(key);
  }

  /** Observes everything that is worked under a key. */
  async observe(key: WorkKey): Promise<Round> {
    await this.#settle();
    const set = key.kind === "set" ? this.#cache.set(key.namespace, key.name) : undefined;
    const hibernations = this.#cache.hibernationsOf(key);
    const pods = await this.#podsOf(key, hibernations);
    for (const { fault } of [...(set === undefined ? [] : [set]), ...hibernations]) {
      if (fault !== undefined) throw new Error(fault);
    }
    // From here on without a pause: no two sets are told at once that a name is theirs.
    const taken = set === undefined ? none : this.#takenVMNames(set);
    // What has gone meanwhile has been forgotten, and nobody would forget it again.
    if (set !== undefined && this.#cache.set(key.namespace, key.name) !== undefined) {
      this.#reservations.grant(key, set, taken);
    }
    const subjects = [
      ...(set === undefined ? [] : [plannedSet(set, pods, hibernations, taken)]),
      ...hibernations.map((one) =>
        plannedHibernation(one, { all: hibernations, set, pods, rivals: this.#rivalsOf(one) }),
      ),
    ];
    return {
      subjects,
      tags: new Map(),
      carriedOut: new Set(),
      results: new Results(),
      lookAgainMs: this.#lookAgainMs(key, hibernations, set !== undefined && lacksNames(set, taken)),
    };
  }

  /** Told by everything that is known, what this process has just written included. */
  #takenVMNames(set: StoredSet): TakenVMNames {
    const rivals = this.#cache.rivalsOf(set);
    if (rivals.length === 0) return none;
    const known = (one: StoredSet): Claimant => {
      const { namespace, name } = one.metadata;
      const { value, fault } = this.#cache.set(namespace, name) ?? one;
      return claimantOf(value, this.#cache.podsOf(namespace, name), fault);
    };
    const others = rivals.map((rival) => {
      const { held, ...claimant } = known(rival);
      const { namespace, name } = rival.metadata;
      const reserved = this.#reservations.of({ kind: "set", namespace, name });
      return { ...claimant, held: new Set([...held, ...reserved]) };
    });
    return takenVMNames(known(set), others);
  }

  #rivalsOf({ metadata: { namespace }, value }: StoredHibernation): readonly StoredSet[] {
    return this.#cache.rivalsOfPod(namespace, value.spec?.podRef?.name ?? "");
  }

  async #podsOf(key: WorkKey, hibernations: readonly StoredHibernation[]): Promise<readonly SlimPod[]> {
    const { kind, namespace, name } = key;
    if (kind === "pod") return hibernations.length === 0 ? [] : this.#live(namespace, [name]);
    const known = this.#cache.podsOf(namespace, name);
    const strangers = this.#strangers.get(keyText(key)) ?? new Set<string>();
    for (const { metadata } of known) strangers.delete(metadata.name);
    const found = await this.#live(namespace, [...strangers]);
    const names = new Set(found.map(({ metadata }) => metadata.name));
    for (const gone of strangers) if (!names.has(gone)) strangers.delete(gone);
    return [...known, ...found];
  }

  async #live(namespace: string, names: readonly string[]): Promise<readonly SlimPod[]> {
    const pods = await Promise.all(names.map((name) => this.#writer.pod(namespace, name)));
    return pods.flatMap((pod) => (pod === undefined ? [] : [slimPod(pod)]));
  }

  /** Asks the API server itself about what this process wrote and no watch has shown. */
  async #settle(): Promise<void> {
    const { sets, hibernations, pods } = this.#cache.written;
    const writer = this.#writer;
    await settle(pods, slimPod, (namespace, name) => writer.pod(namespace, name));
    await settle(sets, storedSet, (namespace, name) =>
      writer.owner({ kind: kindCocoonSet, namespace, name }),
    );
    await settle(hibernations, storedHibernation, (namespace, name) =>
      writer.owner({ kind: kindCocoonHibernation, namespace, name }),
    );
  }

  #lookAtSetAgainMs(key: WorkKey, lacksNames: boolean): number | undefined {
    // Should the informer have missed it, nobody else would wake the key.
    if (this.#cache.isBehind(key)) return showLimitMs + 100;
    const hasStrangers = (this.#strangers.get(keyText(key))?.size ?? 0) > 0;
    return hasStrangers || lacksNames ? takenMs : undefined;
  }

  #lookAgainMs(
    key: WorkKey,
    hibernations: readonly StoredHibernation[],
    lacksNames: boolean,
  ): number | undefined {
    if (key.kind === "set") return this.#lookAtSetAgainMs(key, lacksNames);
    if (hibernations.length === 0) return undefined;
    return hibernations.every(isAtRest) ? restingMs : pollMs;
  }
}

async function settle<T extends KubeObject>(
  written: OwnWrites<T>,
  transform: (object: KubeObject) => T,
  read: (namespace: string, name: string) => Promise<KubeObject | undefined>,
): Promise<void> {
  for (const key of written.overdue(showLimitMs)) {
    const [namespace = "", name = ""] = key.split("/");
    const live = await read(namespace, name);
    if (live === undefined) written.lost(key);
    else written.put(transform(live));
  }
}

const none: TakenVMNames = new Map();

/** Whether a set asks for a VM whose name is another set's. */
const lacksNames = ({ value }: StoredSet, taken: TakenVMNames): boolean =>
  taken !== none && vmNamesOf(value).some((vmName) => taken.get(vmName) !== undefined);

const plannedSet = (
  set: StoredSet,
  pods: readonly SlimPod[],
  hibernations: readonly StoredHibernation[],
  taken: TakenVMNames,
): Planned =>
  planned(set, (tags) =>
    planCocoonSet({
      nowMs: Date.now(),
      set: set.value,
      pods,
      hibernations: hibernations.map(({ value }) => value),
      tags,
      takenVMNames: taken,
    }),
  );

function isAtRest({ value: { metadata, status } }: StoredHibernation): boolean {
  const phase = status?.phase ?? "";
  return (
    (phase === "Hibernated" || phase === "Active") && status?.observedGeneration === metadata?.generation
  );
}

/** What a CocoonHibernation is planned by, besides itself. */
interface Surroundings {
  readonly all: readonly StoredHibernation[];
  readonly set: StoredSet | undefined;
  readonly rivals: readonly StoredSet[];
  readonly pods: readonly SlimPod[];
}

function plannedHibernation(
  hibernation: StoredHibernation,
  { all, set, rivals, pods }: Surroundings,
): Planned {
  const podName = hibernation.value.spec?.podRef?.name;
  return planned(hibernation, (tags) =>
    planHibernation({
      nowMs: Date.now(),
      hibernation: hibernation.value,
      hibernations: all.map(({ value }) => value),
      sets: set === undefined ? [] : [set.value],
      rivals: rivals.map(({ value }) => value),
      pod: pods.find(({ metadata }) => metadata.name === podName),
      tags,
    }),
  );
}

function planned(stored: Planned["stored"], plan: Planned["plan"]): Planned {
  const { kind, metadata, value } = stored;
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    ref: { kind, namespace, name, uid, resourceVersion },
    version: new OwnerVersion(resourceVersion),
    finalizers: itemsOf(value.metadata?.finalizers),
    status: value.status,
    stored,
    plan,
  };
}
