import { generateCocoonSets } from "./cocoonset-arbitrary.js";
import { generatePodChanges, generateWorkloadChanges } from "./guarded-arbitrary.js";
import { hibernation } from "./objects.js";

/** An object as somebody might write it into a file, and the kind of it. */
export interface GeneratedManifest {
  readonly kind:
    | "Pod"
    | "Deployment"
    | "StatefulSet"
    | "ReplicaSet"
    | "ReplicationController"
    | "CocoonSet"
    | "CocoonHibernation";
  readonly object: object;
}

/** So many manifests of the kinds that rules are about, as many of one as of another; the same ones for the same seed. */
export function generateManifests(count: number, seed: number): readonly GeneratedManifest[] {
  const share = Math.ceil(count / 4);
  const pods = generatePodChanges(share, seed).map(({ after }): GeneratedManifest => ({
    kind: "Pod",
    object: after,
  }));
  const workloads = generateWorkloadChanges(share, seed).map(
    ({ kind, after }) => ({ kind, object: after }) as GeneratedManifest,
  );
  // Of other numbers, API servers think differently from release to release (deciders.test.ts).
  const plainSets = generateCocoonSets(share * 2, seed).filter(({ document }) => hasPlainNumbers(document));
  const sets = plainSets.slice(0, share).map(({ document }, index): GeneratedManifest => {
    const head = {
      apiVersion: "cocoonset.cocoonstack.io/v1",
      kind: "CocoonSet",
      metadata: { name: `set-${index}` },
    };
    return { kind: "CocoonSet", object: { ...head, ...(document as object) } };
  });
  // Every third one does not bear its pod's name, every fifth says something that the schema does not know.
  const hibernations = Array.from({ length: share }, (_, index): GeneratedManifest => {
    const one = hibernation(`demo-${index}`, index % 3 === 0 ? `other-${index}` : `demo-${index}`);
    const spec = { ...(one as { spec: object }).spec, ...(index % 5 === 0 ? { desire: "Sleep" } : {}) };
    return { kind: "CocoonHibernation", object: { ...one, spec } };
  });
  return [...pods, ...workloads, ...sets, ...hibernations].slice(0, count);
}

const hasPlainNumbers = (value: unknown): boolean =>
  typeof value === "object" && value !== null
    ? Object.values(value).every(hasPlainNumbers)
    : typeof value !== "number" || Number.isSafeInteger(value);
