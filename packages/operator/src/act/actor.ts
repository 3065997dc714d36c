import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { Action, PodVersion, Proof, TagRef } from "../model/index.js";
import { slimPod, type SlimPod } from "../observe/index.js";
import type { ClusterWriter, OwnerStatus } from "./cluster-writer.js";
import { Coalesced } from "./coalesced.js";
import { done, type Outcome, outcomeOf } from "./outcome.js";
import { Places } from "./places.js";
import type { Subject } from "./subject.js";
import { tagOutcomeOf } from "./tag-outcome.js";
import type { TagRegistry } from "./tag-registry.js";

/** An action that changes something; the others are the shell's own. */
export type Act = Exclude<Action, { readonly kind: "emit-event" | "requeue" }>;

/** Carries out actions. */
export interface Acting {
  /** Carries out one action, where everything that it was planned by is still so. Never rejects. */
  act(subject: Subject, act: Act): Promise<Outcome>;
  /** Writes the status of the subject where it differs. Never rejects. */
  writeStatus(subject: Subject, status: OwnerStatus): Promise<Outcome>;
}

/** See {@link Actor}. */
export interface ActorOptions {
  readonly writer: ClusterWriter;
  readonly registry: TagRegistry;
  /** Whether this process may write at this moment. */
  readonly holds: () => boolean;
  readonly signal: AbortSignal;
  /** Told of what the API server has answered, before any other plan is made. */
  readonly onPod: (pod: SlimPod) => void;
  readonly onPodGone: (pod: SlimPod) => void;
  readonly onOwner: (owner: KubeObject, kind: Subject["ref"]["kind"]) => void;
}

/** How many pods are being created at the same time at most. */
const mostCreates = 8;

/** How long the registry may take for a question on which something irreversible hangs, and for a change. */
const proofMs = 5_000;
const changeMs = 10_000;

/**
 * Carries out actions, each on its conditions: what it was planned by is asked of the API server and of the registry right before it,
 * and the version of what it changes goes with it. An action whose conditions do not hold is left out.
 */
export class Actor implements Acting {
  readonly #options: ActorOptions;
  readonly #creates = new Places(mostCreates);
  /** Actions of one plan that are about to be carried out at the same time share the question whether its subject is the same. */
  readonly #owners = new WeakMap<Subject, Coalesced<KubeObject | undefined>>();

  constructor(options: ActorOptions) {
    this.#options = options;
  }

  act(subject: Subject, act: Act): Promise<Outcome> {
    return act.kind === "create-pod"
      ? this.#creates.run(() => this.#proveAndDo(subject, act))
      : this.#proveAndDo(subject, act);
  }

  async writeStatus(subject: Subject, status: OwnerStatus): Promise<Outcome> {
    const { writer } = this.#options;
    return this.#guarded(async () => {
      const written = await writer.writeStatus(current(subject), subject.status, status);
      if (written === undefined) return { kind: "left out" };
      this.#wroteOwner(subject, written);
      return done;
    });
  }

  #proveAndDo(subject: Subject, act: Act): Promise<Outcome> {
    return this.#guarded(async () => {
      const proofs = "provided" in act ? act.provided : [];
      for (const proof of proofs) {
        const broken = await this.#broken(subject, proof);
        if (broken !== undefined) return broken;
      }
      // Asking took time.
      if (!this.#options.holds()) return stepsDown;
      return this.#do(subject, act);
    });
  }

  async #guarded(task: () => Promise<Outcome>): Promise<Outcome> {
    if (!this.#options.holds()) return stepsDown;
    try {
      return await task();
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /** Why a proof does not hold; undefined where it does. */
  async #broken(subject: Subject, proof: Proof): Promise<Outcome | undefined> {
    switch (proof.kind) {
      case "owner-unchanged":
        return this.#brokenOwner(subject, proof.resourceVersion);
      case "pod-unchanged":
      case "pod-absent": {
        const pod = await this.#options.writer.pod(subject.ref.namespace, proof.name);
        return proof.kind === "pod-absent" ? presence(pod) : change(pod?.metadata, proof);
      }
      case "tag-is": {
        const { registry, signal } = this.#options;
        const digest = await registry.resolve(proof.vmName, proof.tag, { timeoutMs: proofMs, signal });
        return digest === proof.digest ? undefined : stale(`${nameOf(proof)} is not ${proof.digest}`);
      }
    }
  }

  async #brokenOwner(subject: Subject, resourceVersion: string): Promise<Outcome | undefined> {
    const { kind, name, uid } = subject.ref;
    const live = (await this.#liveOwner(subject).answer())?.metadata;
    const isSame = live?.uid === uid && subject.version.isUnchanged(resourceVersion, live.resourceVersion);
    return isSame ? undefined : stale(`${kind} ${name} has changed`);
  }

  #liveOwner(subject: Subject): Coalesced<KubeObject | undefined> {
    const known = this.#owners.get(subject);
    const live = known ?? new Coalesced(() => this.#options.writer.owner(subject.ref));
    this.#owners.set(subject, live);
    return live;
  }

  async #do(subject: Subject, act: Act): Promise<Outcome> {
    switch (act.kind) {
      case "create-pod":
        return this.#createPod(act);
      case "delete-pod":
        return this.#deletePod(subject, act);
      case "patch-pod": {
        const { writer, onPod } = this.#options;
        onPod(slimPod(await writer.patchPod(subject.ref.namespace, act, act.annotations)));
        return done;
      }
      case "patch-owner":
        return this.#patchOwner(subject, { annotations: act.annotations });
      case "add-finalizer":
        return this.#patchOwner(subject, { finalizers: [...subject.finalizers, act.finalizer] });
      case "remove-finalizer": {
        const finalizers = subject.finalizers.filter((finalizer) => finalizer !== act.finalizer);
        return this.#patchOwner(subject, { finalizers });
      }
      case "retag":
      case "delete-tag":
        return this.#changeTag(act);
    }
  }

  async #createPod({ pod }: Extract<Act, { kind: "create-pod" }>): Promise<Outcome> {
    const { writer, onPod } = this.#options;
    try {
      onPod(slimPod(await writer.createPod(pod)));
      return done;
    } catch (error) {
      const outcome = outcomeOf(error);
      return outcome.kind === "stale" ? { ...outcome, heldName: pod.metadata.name } : outcome;
    }
  }

  async #deletePod({ ref: { namespace } }: Subject, pod: PodVersion): Promise<Outcome> {
    const { writer, onPod, onPodGone } = this.#options;
    const left = await writer.deletePod(namespace, pod);
    const { name, uid, resourceVersion } = pod;
    if (left === undefined) onPodGone({ metadata: { namespace, name, uid, resourceVersion } });
    else onPod(slimPod(left));
    return done;
  }

  async #patchOwner(subject: Subject, change: Parameters<ClusterWriter["patchOwner"]>[1]): Promise<Outcome> {
    this.#wroteOwner(subject, await this.#options.writer.patchOwner(current(subject), change));
    return done;
  }

  #wroteOwner({ version, ref }: Subject, written: KubeObject): void {
    version.advance(written.metadata.resourceVersion);
    this.#options.onOwner(written, ref.kind);
  }

  async #changeTag(act: Extract<Act, { kind: "retag" | "delete-tag" }>): Promise<Outcome> {
    const { registry, signal } = this.#options;
    const options = { timeoutMs: changeMs, signal };
    try {
      if (act.kind === "retag") await registry.tag(act.vmName, act.digest, act.to, options);
      else await registry.deleteTag(act.vmName, act.tag, { ...options, ifDigest: act.digest });
      return done;
    } catch (error) {
      return tagOutcomeOf(error);
    }
  }
}

const stale = (why: string): Outcome => ({ kind: "stale", why });

/** Why a pod that is there breaks a plan that goes by its absence. */
const presence = (pod: KubeObject | undefined): Outcome | undefined =>
  pod && { kind: "stale", why: `pod ${pod.metadata.name} is there`, heldName: pod.metadata.name };

/** Why a pod of another version breaks a plan that goes by one. */
const change = (
  live: KubeObject["metadata"] | undefined,
  { name, uid, resourceVersion }: PodVersion,
): Outcome | undefined =>
  live?.uid === uid && live.resourceVersion === resourceVersion
    ? undefined
    : stale(`pod ${name} has changed`);

const stepsDown = stale("this process leads no more");

const nameOf = ({ vmName, tag }: TagRef): string => `${vmName}:${tag}`;

/** The subject in its last known version: what the next write of it is conditional on. */
const current = ({ ref, version }: Subject): Subject["ref"] => ({ ...ref, resourceVersion: version.current });
