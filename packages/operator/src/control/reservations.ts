import { keyText, type StoredSet, type WorkKey } from "../observe/index.js";
import { type TakenVMNames, vmNamesOf } from "../sets/index.js";

/** What a set was planned by. */
interface Grant {
  readonly set: StoredSet;
  readonly taken: TakenVMNames;
}

/**
 * The VM names that sets were planned to have. From the moment at which a plan is made until another one is, the set may be creating what
 * it asks for, and neither the cache nor its own writes show that yet. Another set that is planned meanwhile, and comes first by age,
 * would create a pod of the same VM.
 */
export class Reservations {
  readonly #grants = new Map<string, Grant>();

  /** The set is planned by these. What it was planned by before counts no more. */
  grant(key: WorkKey, set: StoredSet, taken: TakenVMNames): void {
    this.#grants.set(keyText(key), { set, taken });
  }

  /** The names that a set may be using at this moment. */
  of(key: WorkKey): readonly string[] {
    const grant = this.#grants.get(keyText(key));
    if (grant === undefined) return [];
    return vmNamesOf(grant.set.value).filter((vmName) => grant.taken.get(vmName) === undefined);
  }

  /** The set is gone. */
  forget(key: WorkKey): void {
    this.#grants.delete(keyText(key));
  }
}
