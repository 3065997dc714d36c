import { type Decoded, parseQuantity, type ResourceRequirements } from "@cocoonstack/common/apis/v1";
import { quantityString } from "@cocoonstack/common/meta";
import { type Amounts, entriesOf, type ResourcesView } from "../model/index.js";

const ephemeralStorage = "ephemeral-storage";

type Resources = Decoded<ResourceRequirements> | ResourcesView;

const amountsOf = (amounts: Resources["limits"]): Record<string, string | number> =>
  entriesOf<string | number>(amounts);

/** A quantity in the form that is equal for equal amounts; a text that is none stays as it is. */
const canonical = (quantity: string | number): string =>
  parseQuantity(String(quantity)) === undefined ? String(quantity) : quantityString(quantity);

const canonicalAmounts = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, canonical(amount)]));

/** What a VM's resources come to, without the disk: limits, and requests, which are the limits where there are none. */
export interface EffectiveResources {
  readonly limits: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, string>>;
}

/** The resources that a spec asks for, or a container has, in a form that compares. The disk is in the VM's `storage`. */
export function effectiveResources(resources: Resources): EffectiveResources {
  const limits = canonicalAmounts(amountsOf(resources.limits));
  const ownRequests = canonicalAmounts(amountsOf(resources.requests));
  // The disk is left out first: the operator adds it to both, and alone it is no request of the spec's.
  const [limited, requested] = [withoutDisk(limits), withoutDisk(ownRequests)];
  return { limits: limited, requests: Object.keys(requested).length === 0 ? limited : requested };
}

const withoutDisk = (amounts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => name !== ephemeralStorage));

/** The resources of a pod's container: the spec's as they stand, and the disk in requests and limits. */
export function containerResources(
  resources: Decoded<ResourceRequirements>,
  storage: string,
): { readonly limits?: Amounts; readonly requests?: Amounts; readonly claims?: readonly unknown[] } {
  const disk: Amounts = storage === "" || canonical(storage) === "0" ? {} : { [ephemeralStorage]: storage };
  const limits = { ...amountsOf(resources.limits), ...disk };
  const requests = { ...amountsOf(resources.requests), ...disk };
  const claims = resources.claims ?? [];
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(claims.length > 0 && { claims }),
  };
}
