import type { SnapshotTag, TagRef } from "./facts.js";
import type { PodManifest } from "./manifest.js";
import type { EventReason } from "./reasons.js";

/** One version of one pod. */
export interface PodVersion {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * What must still be so at the moment of the act, asked of the API server or the registry itself and not of a cache. Where
 * it is not, the act is left out, and the next round decides anew.
 */
export type Proof =
  /** The CocoonSet or CocoonHibernation has this resourceVersion. */
  | { readonly kind: "owner-unchanged"; readonly resourceVersion: string }
  | ({ readonly kind: "pod-unchanged" } & PodVersion)
  | { readonly kind: "pod-absent"; readonly name: string }
  | ({ readonly kind: "tag-is"; readonly digest: string } & TagRef);

/** Annotations to set, and to delete where the value is `null`; as a merge patch. */
export type AnnotationChanges = Readonly<Record<string, string | null>>;

/**
 * One act. Acts of one plan do not depend on each other: what has to come after another waits for the next round, which sees
 * that the first is done. Only events are different: each waits for what it tells of ({@link Told}).
 */
export type Action =
  | { readonly kind: "create-pod"; readonly pod: PodManifest; readonly provided: readonly Proof[] }
  /** With the preconditions `uid` and `resourceVersion`. */
  | ({ readonly kind: "delete-pod"; readonly provided: readonly Proof[] } & PodVersion)
  /** A merge patch with `uid` and `resourceVersion` in it, so that it fails when the pod has changed. */
  | ({ readonly kind: "patch-pod"; readonly annotations: AnnotationChanges } & PodVersion)
  /** The same for the CocoonSet or CocoonHibernation itself. */
  | {
      readonly kind: "patch-owner";
      readonly uid: string;
      readonly resourceVersion: string;
      readonly annotations: AnnotationChanges;
    }
  | {
      readonly kind: "add-finalizer" | "remove-finalizer";
      readonly uid: string;
      readonly resourceVersion: string;
      readonly finalizer: string;
    }
  /** Gives the manifest of a digest a second tag; nothing is copied or lost. */
  | {
      readonly kind: "retag";
      readonly vmName: string;
      readonly digest: string;
      readonly to: SnapshotTag;
      readonly provided: readonly Proof[];
    }
  /** Deletes a tag, as long as it still has this digest. */
  | ({ readonly kind: "delete-tag"; readonly digest: string; readonly provided: readonly Proof[] } & TagRef)
  | ({ readonly kind: "emit-event"; readonly of: Told } & PlannedEvent)
  /** Plan again after so long, if nothing happens before. */
  | { readonly kind: "requeue"; readonly afterMs: number };

/**
 * What an event tells of, which is what it waits for, so that it is sent once:
 *
 * - `status`: a transition. It is sent once the API server has the status that shows it, though other acts have failed: from then on, no
 *   plan sees the transition any more.
 * - `{ pod }`: what is done about a pod. It is sent where that was done, and not where it failed: the plan that tries it again says it again.
 */
export type Told = "status" | { readonly pod: string };

/** An event on the CocoonSet or CocoonHibernation. */
export interface PlannedEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: EventReason;
  readonly message: string;
}
