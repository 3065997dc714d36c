import { parseVMSpec, vmNameForPod } from "@cocoonstack/common/meta";
import type { PodView } from "../model/index.js";

/**
 * Whether a pod names the VM that is its own, `vk-NAMESPACE-POD`, as every maker of pods does. The name is an annotation, which is written
 * by whoever may write in the namespace, and the operator may delete snapshots of all: what names any other VM is not heeded.
 *
 * @example
 * ```ts
 * namesOwnVM("shop", pod); // true for pod web-0 with vm.cocoonstack.io/name: vk-shop-web-0
 * ```
 */
export const namesOwnVM = (namespace: string, pod: PodView): boolean =>
  parseVMSpec(pod).vmName === vmNameForPod(namespace, pod.metadata.name);
