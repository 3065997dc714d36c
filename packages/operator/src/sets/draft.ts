import {
  type Action,
  type AnnotationChanges,
  mostCreatesPerPlan,
  ownerAnnotations,
  type PlannedEvent,
  type PodManifest,
  type PodView,
  type TagRef,
  type Told,
  type Trouble,
} from "../model/index.js";
import { versionOf } from "../pods/index.js";
import { leavingChanges, recordChanges, type SnapshotRecord, type Step } from "../sleep/index.js";
import type { Context } from "./context.js";
import { historyChanges, type RebuildEntry } from "./rebuild-history.js";

/**
 * A plan while it is made: the parts add to it, and the changes of the set's own annotations come together in one patch.
 * What is in it is not yet so: whoever decides looks at the context, and never here.
 */
export class Draft {
  readonly #context: Context;
  readonly #acts: Action[] = [];
  readonly #events: Action[] = [];
  readonly #asks: TagRef[] = [];
  readonly #troubles: Trouble[] = [];
  readonly #records = new Map<string, SnapshotRecord | null>();
  readonly #entries = new Map<string, RebuildEntry | null>();
  readonly #leaving: Set<string>;
  readonly #startsFresh: Set<string>;
  #requeueAfterMs = Infinity;
  #created = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#leaving = new Set(context.leaving);
    this.#startsFresh = new Set(context.startsFresh);
  }

  act(...actions: readonly Action[]): void {
    this.#acts.push(...actions);
  }

  /** Creates a pod, as far as one plan goes; what is beyond comes in the next round. */
  create(pod: PodManifest): void {
    if (this.#created === mostCreatesPerPlan) return;
    this.#created++;
    this.act({ kind: "create-pod", pod, provided: [this.#context.owner] });
  }

  /** Deletes a pod, by the set as it stands: what it asked for a moment ago may not be what it asks for now. */
  deletePod(pod: PodView): void {
    this.act({ kind: "delete-pod", ...versionOf(pod), provided: [this.#context.owner] });
  }

  event(of: Told, event: PlannedEvent): void {
    this.#events.push({ kind: "emit-event", of, ...event });
  }

  trouble(...troubles: readonly Trouble[]): void {
    this.#troubles.push(...troubles);
  }

  ask(...refs: readonly TagRef[]): void {
    this.#asks.push(...refs);
  }

  requeue(afterMs: number | undefined): void {
    this.#requeueAfterMs = Math.min(this.#requeueAfterMs, afterMs ?? Infinity);
  }

  patchPod(pod: PodView, annotations: AnnotationChanges): void {
    if (Object.keys(annotations).length > 0) this.act({ kind: "patch-pod", ...versionOf(pod), annotations });
  }

  record(vmName: string, record: SnapshotRecord | null): void {
    this.#records.set(vmName, record);
  }

  entry(slot: string, entry: RebuildEntry | null): void {
    this.#entries.set(slot, entry);
  }

  /** Marks VMs as leaving, before anything of theirs goes. */
  leave(vmName: string): void {
    this.#leaving.add(vmName);
  }

  /** A VM has left, or stays after all. */
  unleave(vmName: string): void {
    this.#leaving.delete(vmName);
  }

  /** A pod that was to start fresh does. */
  startedFresh(podName: string): void {
    this.#startsFresh.delete(podName);
  }

  /** Everything of a step but what it changes on the pod, which goes into one patch with what others change. */
  take(vmName: string, { record, actions, asks, troubles, requeueAfterMs }: Step): void {
    if (record !== undefined) this.record(vmName, record);
    this.act(...(actions ?? []));
    this.ask(...(asks ?? []));
    this.trouble(...(troubles ?? []));
    this.requeue(requeueAfterMs);
  }

  get asks(): readonly TagRef[] {
    return this.#asks;
  }

  get troubles(): readonly Trouble[] {
    return this.#troubles;
  }

  /** Whether anything is about to change, beside what is only said. */
  get isActing(): boolean {
    return this.#acts.length > 0 || Object.keys(this.#ownChanges()).length > 0;
  }

  /**
   * All actions, the events last. The patch of the set itself comes after the others, because it makes a new version of the set,
   * which their proofs would take for somebody else's.
   */
  actions(isWanted: (slot: string) => boolean): readonly Action[] {
    const { uid, resourceVersion } = this.#context.set;
    const annotations = this.#ownChanges(isWanted);
    const patch: Action = { kind: "patch-owner", uid, resourceVersion, annotations };
    const requeue: Action = { kind: "requeue", afterMs: this.#requeueAfterMs };
    return [
      ...this.#acts,
      ...(Object.keys(annotations).length > 0 ? [patch] : []),
      ...(Number.isFinite(this.#requeueAfterMs) ? [requeue] : []),
      ...this.#events,
    ];
  }

  #ownChanges(isWanted: (slot: string) => boolean = () => true): AnnotationChanges {
    const { records, leaving, history, startsFresh } = this.#context;
    const fresh = [...this.#startsFresh].join(",");
    return {
      ...(records !== undefined && this.#records.size > 0 && recordChanges(records, this.#records)),
      ...(!isSame(leaving, this.#leaving) && leavingChanges(this.#leaving)),
      ...(this.#entries.size > 0 && historyChanges(history, this.#entries, isWanted)),
      ...(!isSame(startsFresh, this.#startsFresh) && {
        [ownerAnnotations.startFresh]: fresh === "" ? null : fresh,
      }),
    };
  }
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item));
