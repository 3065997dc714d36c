import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { apiVersion, isOwnedByCocoonSet, labelCocoonSet, vmNameForPod } from "@cocoonstack/common/meta";
import { Informer, type InformerObserver, keyOf, type KubeObject } from "@cocoonstack/machinery/informer";
import { vmNamesOf } from "../pods/index.js";
import { OwnWrites } from "./own-writes.js";
import { prefixesOf, vmBase } from "./set-names.js";
import { isSamePod, slimPod, type SlimPod } from "./slim-pod.js";
import { storedHibernation, type StoredHibernation, storedSet, type StoredSet } from "./stored.js";
import type { WorkKey } from "./work-key.js";

/** The collections that are followed. */
export type Followed = "cocoonsets" | "cocoonhibernations" | "pods";

/** See {@link ClusterCache}. */
export interface ClusterCacheOptions {
  readonly connection: Pick<ClusterConnection, "request" | "stream">;
  /** Told of everything that may have to be worked, also more often than necessary. */
  readonly onChange: (key: WorkKey) => void;
  /** Told of a set that is gone. */
  readonly onSetGone: (set: StoredSet) => void;
  readonly observer: (collection: Followed) => Partial<InformerObserver>;
}

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

/**
 * What the operator knows of the cluster: all CocoonSets and CocoonHibernations, and those pods that bear the label of a set. It is
 * as large as what the operator looks after, however many pods the cluster has.
 */
export class ClusterCache {
  readonly #options: ClusterCacheOptions;
  readonly #sets: Informer<StoredSet, "vmBase" | "vmPrefix">;
  readonly #hibernations: Informer<StoredHibernation, "pod" | "namespace">;
  readonly #pods: Informer<SlimPod, "set">;
  /** What was written, for each collection. */
  readonly written = {
    sets: new OwnWrites<StoredSet>((key) => this.#sets.get(key)),
    hibernations: new OwnWrites<StoredHibernation>((key) => this.#hibernations.get(key)),
    pods: new OwnWrites<SlimPod>((key) => this.#pods.get(key)),
  };

  constructor(options: ClusterCacheOptions) {
    this.#options = options;
    const { connection, observer } = options;
    this.#sets = new Informer({
      connection,
      collection: { path: `/apis/${apiVersion}/cocoonsets` },
      transform: storedSet,
      indexes: {
        vmBase: ({ metadata: { namespace, name } }) => [vmBase(namespace, name)],
        vmPrefix: ({ metadata: { namespace, name } }) => prefixesOf(vmBase(namespace, name)),
      },
      observer: observer("cocoonsets"),
    });
    this.#hibernations = new Informer({
      connection,
      collection: { path: `/apis/${apiVersion}/cocoonhibernations` },
      transform: storedHibernation,
      indexes: {
        pod: (hibernation) => [podOf(hibernation)],
        namespace: ({ metadata }) => [metadata.namespace],
      },
      observer: observer("cocoonhibernations"),
    });
    this.#pods = new Informer({
      connection,
      collection: { path: "/api/v1/pods", labelSelector: labelCocoonSet },
      transform: slimPod,
      indexes: { set: setsOf },
      observer: observer("pods"),
    });
    this.#follow();
  }

  #follow(): void {
    const { sets, hibernations, pods } = this.written;
    follow(this.#sets, sets, (set, old) => {
      this.#setChanged(set, old);
    });
    this.#sets.addHandler({
      add: () => undefined,
      update: () => undefined,
      delete: (set) => {
        this.#options.onSetGone(set);
      },
    });
    follow(this.#hibernations, hibernations, (hibernation) => {
      this.#options.onChange(this.keyOfHibernation(hibernation));
    });
    follow(this.#pods, pods, (pod, old) => {
      if (old === undefined || !isSamePod(pod, old)) this.#podChanged(pod);
    });
  }

  /** Follows the cluster until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#sets, this.#hibernations, this.#pods].map((informer) => informer.run(signal)));
  }

  get hasSynced(): boolean {
    return this.#sets.hasSynced && this.#hibernations.hasSynced && this.#pods.hasSynced;
  }

  /** Resolves true once everything has been listed, false when `signal` is aborted first. */
  async whenSynced(signal: AbortSignal): Promise<boolean> {
    const informers = [this.#sets, this.#hibernations, this.#pods];
    const synced = await Promise.all(informers.map((informer) => informer.whenSynced(signal)));
    return synced.every(Boolean);
  }

  /** For metrics: how many objects there are, and how long ago the server was last heard. */
  get state(): Readonly<Record<Followed, { readonly size: number; readonly silentForMs: number }>> {
    return { cocoonsets: this.#sets, cocoonhibernations: this.#hibernations, pods: this.#pods };
  }

  /** Everything that there is to work. */
  keys(): readonly WorkKey[] {
    return [
      ...[...this.#sets.values()].map((set) => setKeyOf(set)),
      ...[...this.#hibernations.values()].map((hibernation) => this.keyOfHibernation(hibernation)),
    ];
  }

  set(namespace: string, name: string): StoredSet | undefined {
    return this.written.sets.latest(nameOf({ namespace, name }));
  }

  /** The pods that bear the set's label, or belong to it. */
  podsOf(namespace: string, setName: string): readonly SlimPod[] {
    const key = nameOf({ namespace, name: setName });
    const cached = this.#pods.byIndex("set", key);
    const names = new Set(cached.map(keyOf));
    const own = this.written.pods.pending().filter((pod) => setsOf(pod).includes(key));
    return [...names, ...own.map(keyOf).filter((name) => !names.has(name))].flatMap(
      (name) => this.written.pods.latest(name) ?? [],
    );
  }

  /** Whether the informers do not show yet what was written under a key. */
  isBehind({ namespace, name }: WorkKey): boolean {
    const key = nameOf({ namespace, name });
    return (
      this.written.pods.pending().some((pod) => setsOf(pod).includes(key)) ||
      this.written.sets.pending().some(({ metadata }) => nameOf(metadata) === key)
    );
  }

  /** The CocoonHibernations that are worked under a key. */
  hibernationsOf(key: WorkKey): readonly StoredHibernation[] {
    const found =
      key.kind === "pod"
        ? this.#hibernations.byIndex("pod", nameOf(key))
        : this.#hibernations
            .byIndex("namespace", key.namespace)
            .filter((hibernation) => podNameOf(hibernation).startsWith(`${key.name}-`));
    return found
      .filter((hibernation) => isSameKey(this.keyOfHibernation(hibernation), key))
      .flatMap((hibernation) => this.written.hibernations.latest(keyOf(hibernation)) ?? []);
  }

  /** The sets of which a VM may have the same name as one of this set. */
  rivalsOf({ metadata: { namespace, name, uid } }: StoredSet): readonly StoredSet[] {
    const base = vmBase(namespace, name);
    const found = [
      ...prefixesOf(base).flatMap((prefix) => this.#sets.byIndex("vmBase", prefix)),
      ...this.#sets.byIndex("vmPrefix", base),
    ];
    return [...new Map(found.map((set) => [set.metadata.uid, set])).values()].filter(
      ({ metadata }) => metadata.uid !== uid,
    );
  }

  /** The sets of other namespaces of which a VM may have the same name as that of a pod. */
  rivalsOfPod(namespace: string, podName: string): readonly StoredSet[] {
    return prefixesOf(vmBase(namespace, podName))
      .slice(0, -1)
      .flatMap((prefix) => this.#sets.byIndex("vmBase", prefix))
      .filter(({ metadata }) => metadata.namespace !== namespace);
  }

  /** Under which key a CocoonHibernation is worked: that of its pod's set, where there is one. */
  keyOfHibernation(hibernation: StoredHibernation): WorkKey {
    const { namespace } = hibernation.metadata;
    const podName = podNameOf(hibernation);
    const pod = this.#pods.get(nameOf({ namespace, name: podName }));
    const byOwner = ownersOf(pod).find((name) => this.#sets.get(nameOf({ namespace, name })) !== undefined);
    const name = byOwner ?? (pod === undefined ? this.#wanterOf(namespace, podName) : undefined);
    return name === undefined ? { kind: "pod", namespace, name: podName } : { kind: "set", namespace, name };
  }

  /** The set that asks for a pod of this name. */
  #wanterOf(namespace: string, podName: string): string | undefined {
    return prefixesOf(podName)
      .slice(0, -1)
      .find((name) => {
        const set = this.#sets.get(nameOf({ namespace, name }));
        return set !== undefined && vmNamesOf(set.value).includes(vmNameForPod(namespace, podName));
      });
  }

  #setChanged(set: StoredSet, old: StoredSet | undefined): void {
    const { onChange } = this.#options;
    onChange(setKeyOf(set));
    const isSameSpec = old !== undefined && old.value.metadata?.generation === set.value.metadata?.generation;
    if (isSameSpec) return;
    for (const rival of this.rivalsOf(set)) onChange(setKeyOf(rival));
    // What it asks for decides under which key its pods' CocoonHibernations are worked.
    const { namespace, name } = set.metadata;
    for (const hibernation of this.#hibernations.byIndex("namespace", namespace)) {
      if (podNameOf(hibernation).startsWith(`${name}-`)) onChange(this.keyOfHibernation(hibernation));
    }
  }

  #podChanged(pod: SlimPod): void {
    const { onChange } = this.#options;
    const { namespace } = pod.metadata;
    for (const set of setsOf(pod))
      onChange({ kind: "set", namespace, name: set.slice(namespace.length + 1) });
    for (const hibernation of this.#hibernations.byIndex("pod", nameOf(pod.metadata))) {
      onChange(this.keyOfHibernation(hibernation));
    }
  }
}

const setKeyOf = ({ metadata: { namespace, name } }: StoredSet): WorkKey => ({
  kind: "set",
  namespace,
  name,
});

const isSameKey = (a: WorkKey, b: WorkKey): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

const podNameOf = ({ value }: StoredHibernation): string => value.spec?.podRef?.name ?? "";

const podOf = (hibernation: StoredHibernation): string =>
  nameOf({ namespace: hibernation.metadata.namespace, name: podNameOf(hibernation) });

/** Names of the sets that control a pod. */
const ownersOf = (pod: SlimPod | undefined): readonly string[] =>
  (pod?.metadata.ownerReferences ?? [])
    .filter((owner) => isOwnedByCocoonSet([owner]))
    .flatMap((owner) => owner?.name ?? []);

/** The sets that a pod matters to, as `namespace/name`: by its label, and by its owner. */
function setsOf(pod: SlimPod): readonly string[] {
  const { namespace, labels } = pod.metadata;
  const names = new Set([labels?.[labelCocoonSet] ?? "", ...ownersOf(pod)]);
  return [...names].filter((name) => name !== "").map((name) => nameOf({ namespace, name }));
}

/** Tells of what others changed; what this process wrote itself, it has acted on already. */
function follow<T extends KubeObject>(
  informer: Pick<Informer<T, string>, "addHandler">,
  written: OwnWrites<T>,
  onChange: (object: T, old: T | undefined) => void,
): void {
  const changed = (object: T, old: T | undefined): void => {
    const isOwn = written.isOwn(object);
    // What it shows now need not be remembered.
    written.latest(keyOf(object));
    if (!isOwn) onChange(object, old);
  };
  informer.addHandler({
    add: (object) => {
      changed(object, undefined);
    },
    update: changed,
    delete: (last) => {
      written.ended(last);
      onChange(last, undefined);
    },
  });
}
