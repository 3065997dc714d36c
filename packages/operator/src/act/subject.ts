import type { OwnerRef } from "./cluster-writer.js";
import type { OwnerVersion } from "./owner-version.js";

/** The CocoonSet or CocoonHibernation that actions are about, in one pass. */
export interface Subject {
  /** As it was observed. */
  readonly ref: OwnerRef;
  readonly version: OwnerVersion;
  readonly finalizers: readonly string[];
  /** The status that is stored. */
  readonly status: object | null | undefined;
}
