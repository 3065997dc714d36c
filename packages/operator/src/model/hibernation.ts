import type { CocoonHibernation, CocoonHibernationStatus, Decoded } from "@cocoonstack/common/apis/v1";
import { type IdentityView, identityOf } from "./set.js";

/** A CocoonHibernation as it was observed. */
export interface HibernationView extends IdentityView {
  /** RFC 3339, to the second. */
  readonly createdAt: string;
  /** The pod that it speaks of; empty where it names none. */
  readonly podName: string;
  /** `Hibernate` or `Wake`; any text, where a newer API knows more. */
  readonly desire: string;
  readonly status: Decoded<CocoonHibernationStatus>;
}

/** The view of a CocoonHibernation as the API has it. */
export function readHibernation({ metadata, spec, status }: Decoded<CocoonHibernation>): HibernationView {
  return {
    ...identityOf(metadata),
    createdAt: metadata?.creationTimestamp ?? "",
    podName: spec?.podRef?.name ?? "",
    desire: spec?.desire ?? "",
    status: status ?? {},
  };
}
