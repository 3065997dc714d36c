import { validateCocoonHibernation } from "@cocoonstack/common/apis/v1";
import { apiGroup, kindCocoonHibernation } from "@cocoonstack/common/meta";
import type { Subject } from "./subject.js";

/** The CocoonHibernations so far by the pod that they name, so that none has to be compared with all. */
export class HibernationIndex {
  readonly #byPod = new Map<string, object[]>();

  /** Adds it, if it is a hibernation. One that cannot be read never reaches the store, and has a finding of its own. */
  add(subject: Subject): void {
    const pod = podOf(subject);
    if (pod === undefined || subject.name === "") return;
    const { namespace, name } = subject;
    // What the policy reads, without the rest of the object.
    const slice = { metadata: { name, namespace }, spec: { podRef: { name: pod } } };
    const others = this.#byPod.get(keyOf(namespace, pod));
    if (others === undefined) this.#byPod.set(keyOf(namespace, pod), [slice]);
    else others.push(slice);
  }

  /** Those for the same pod, oldest first. */
  forThePodOf(subject: Subject): readonly object[] {
    const pod = podOf(subject);
    return (pod === undefined ? undefined : this.#byPod.get(keyOf(subject.namespace, pod))) ?? [];
  }
}

const keyOf = (namespace: string, pod: string): string => `${namespace}/${pod}`;

function podOf({ group, kind, object }: Subject): string | undefined {
  if (group !== apiGroup || kind !== kindCocoonHibernation) return undefined;
  const read = validateCocoonHibernation(object);
  return read.ok ? read.value.spec.podRef.name : undefined;
}
