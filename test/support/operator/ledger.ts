import { parseVMSpec } from "@cocoonstack/common/meta";
import type { PodView } from "../../../packages/operator/src/model/index.js";
import type { Content } from "./node.js";
import type { World } from "./world.js";

/** The state of a VM that sleeps. */
interface Debt {
  readonly content: Content;
  /** The name of the set whose VM it is. */
  readonly setName: string;
}

/** The one law, kept apart from everything that tries to keep it: no state of a VM is lost unless somebody asked for exactly that. */
export class Ledger {
  /** What is wrong, in the order in which it went wrong. */
  readonly violations: string[] = [];
  /** The state of each VM that went to sleep, until it runs again. */
  readonly #owed = new Map<string, Debt>();
  /** The VMs that slept when their slot, toolbox or set was taken away: their state is kept by policy, and not to come back. */
  readonly #dismissed = new Set<string>();
  /** The VMs that slept at the last edit of what they are made of: they are not made anew for it. */
  readonly #held = new Set<string>();
  #isEdited = false;

  /** Whether a VM sleeps. */
  isOwed(vmName: string): boolean {
    return this.#owed.has(vmName);
  }

  /** The digest of the state of a VM that is to be kept; undefined where none is. */
  owedDigest(vmName: string): string | undefined {
    return this.#owed.get(vmName)?.content.digest;
  }

  /** The VM of a pod went to sleep, and nothing but its snapshot is left of it. */
  sleeps(world: World, pod: PodView, content: Content): void {
    const { vmName } = parseVMSpec(pod);
    const setName = world.setNameOf(pod);
    this.#owed.set(vmName, { content, setName });
    if (!world.isWanted(vmName, setName)) this.#dismissed.add(vmName);
  }

  /** A VM that ran leaves with its pod, by a policy that keeps its state: what was saved of it is all there is. */
  leaves(world: World, pod: PodView, content: Content): void {
    const { vmName } = parseVMSpec(pod);
    const setName = world.setNameOf(pod);
    if (world.isWanted(vmName, setName)) return;
    this.#owed.set(vmName, { content, setName });
    this.#dismissed.add(vmName);
  }

  /** A VM's snapshot is about to be overwritten. */
  saves({ tags }: World, vmName: string, content: Content): void {
    const owed = this.#owed.get(vmName)?.content;
    const snapshot = tags.get(`${vmName}:hibernate`);
    if (owed !== undefined && snapshot?.digest === owed.digest && owed.origin !== content.origin) {
      this.violations.push(`${vmName}: the snapshot of ${owed.digest} was overwritten by ${content.digest}`);
    }
  }

  /** A VM starts from its image. */
  boots(vmName: string): void {
    if (this.#owed.has(vmName) && !this.#dismissed.has(vmName)) {
      this.violations.push(`${vmName} was started afresh while its state slept`);
    }
    this.#forget(vmName);
    this.#held.delete(vmName);
  }

  /** Another pod has a VM of the same name, and the one that ran is no more. */
  takesOver(vmName: string, before: PodView): void {
    this.violations.push(`${vmName} ran for pod ${before.metadata.name}, and another pod took it over`);
  }

  /** Somebody edits which VMs there are, or deletes their set. */
  dismisses(world: World): void {
    for (const [vmName, { setName }] of this.#owed) {
      if (!world.isWanted(vmName, setName)) this.#dismissed.add(vmName);
    }
  }

  /** Somebody deletes a set. What another has left behind under a name that this set asks for goes by the policy of this one. */
  deletes(world: World, setName: string): void {
    for (const [vmName, debt] of this.#owed) {
      const isLeft = !world.sets.has(debt.setName) || this.#dismissed.has(vmName);
      if (isLeft && debt.setName !== setName && world.isWanted(vmName, setName)) this.#forget(vmName);
    }
  }

  /** Somebody edits what VMs are made of: those that run may be made anew for it, those that sleep may not. */
  edits({ node }: World): void {
    this.#isEdited = true;
    for (const vmName of node.vms.keys()) this.#held.delete(vmName);
    for (const vmName of this.#owed.keys()) this.#held.add(vmName);
  }

  /** The operator deletes a pod; of a VM that runs, only where somebody asked for that. */
  operatorDeletes(world: World, podName: string): void {
    const pod = world.pods.get(podName);
    if (pod === undefined) return;
    const { vmName } = parseVMSpec(pod);
    const vm = world.node.vms.get(vmName);
    // One that never came up is rebuilt.
    const hasState = vm?.podUID === pod.metadata.uid && vm.hasServed;
    const mayGo = this.#isEdited && !this.#held.has(vmName);
    if (hasState && world.isWanted(vmName, world.setNameOf(pod)) && !mayGo) {
      this.violations.push(`${vmName} ran, was wanted, and its pod was deleted`);
    }
  }

  /** Whether everything that is owed is still somewhere. What nobody wants any more, and no policy keeps, is not owed. */
  check(world: World): void {
    for (const [vmName, { content: owed, setName }] of this.#owed) {
      const live = world.node.vms.get(vmName)?.content;
      if (live?.origin === owed.origin) this.#forget(vmName);
      else if (this.#dismissed.has(vmName) && !world.keeps(vmName, setName)) this.#forget(vmName);
      else if (!this.#isHeld(world, vmName, owed)) {
        this.violations.push(`${vmName}: the state ${owed.digest} is nowhere any more`);
        this.#forget(vmName);
      }
    }
  }

  #forget(vmName: string): void {
    this.#owed.delete(vmName);
    this.#dismissed.delete(vmName);
  }

  #isHeld({ tags }: World, vmName: string, { digest }: Content): boolean {
    return [tags.get(`${vmName}:hibernate`), tags.get(`${vmName}:latest`)].some(
      (content) => content?.digest === digest,
    );
  }
}
