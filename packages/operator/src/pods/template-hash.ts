import { effectiveResources } from "./resources.js";
import type { Member } from "./member.js";

/** A hash of another version was made of other fields, and says nothing about these. */
const version = "v1-";

/**
 * What a VM is made of: whoever changes one of these wants another VM. Everything else about a pod can be changed while the
 * VM runs, or does not matter to it.
 */
function templateOf({ vm, resources, envFrom, serviceAccountName, pool, preset }: Member): object {
  const { image, mode, os, backend, storage, network, noDirectIO, managed } = vm;
  return {
    vm: { image, mode, os, backend, storage, network, noDirectIO, managed },
    resources: { ...effectiveResources(resources), claims: resources.claims ?? [] },
    envFrom,
    serviceAccountName: serviceAccountName === "" ? "default" : serviceAccountName,
    pool,
    preset: preset ?? {},
  };
}

/**
 * A hash of what the operator would write on a pod. Kept on the pod and compared with itself, it does not see what API
 * server, LimitRanges and other webhooks add: only an edit of the CocoonSet changes it.
 *
 * @example
 * templateHash(agentMember(set, 0)); // "v1-9ae16a3b2f90404f"
 */
export const templateHash = (member: Member): string => version + hash64(stableJson(templateOf(member)));

/** Whether a hash was made of the fields that {@link templateOf} takes now. */
export const isComparable = (hash: string): boolean => hash.startsWith(version);

/** JSON with sorted keys, and without what is `null` or not set, which are the same in the API. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${stableJson(member)}`).join(",")}}`;
}

/**
 * 64 bits in hexadecimal, as two lanes of 32 that are each mixed by another odd number: equal everywhere, quick enough for every
 * pod in every round, and not for secrets.
 */
function hash64(text: string): string {
  let [high, low] = [0x811c9dc5, 0x9e3779b9];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return [high, low].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}
