import { parseVMSpec } from "@cocoonstack/common/meta";
import type { Content } from "./node.js";
import type { World } from "./world.js";

/** The one law, kept apart from everything that tries to keep it: no state of a VM is lost unless somebody asked for exactly that. */
export class Ledger {
  /** What is wrong, in the order in which it went wrong. */
  readonly violations: string[] = [];
  /** The state of each VM that went to sleep, until it runs again. */
  readonly #owed = new Map<string, Content>();
  /** The VMs that slept when their slot, toolbox or set was taken away: their state is kept by policy, and not to come back. */
  readonly #dismissed = new Set<string>();
  /** The VMs that slept at the last edit of what they are made of: they are not made anew for it. */
  readonly #held = new Set<string>();
  #isEdited = false;

  /** Whether a VM sleeps. */
  isOwed(vmName: string): boolean {
    return this.#owed.has(vmName);
  }

  /** A VM went to sleep, and nothing but its snapshot is left of it. */
  sleeps(world: World, vmName: string, content: Content): void {
    this.#owed.set(vmName, content);
    if (!world.isWanted(vmName)) this.#dismissed.add(vmName);
  }

  /** A VM's snapshot is about to be overwritten. */
  saves({ tags }: World, vmName: string, content: Content): void {
    const owed = this.#owed.get(vmName);
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
    this.#owed.delete(vmName);
    this.#dismissed.delete(vmName);
    this.#held.delete(vmName);
  }

  /** Somebody edits which VMs there are, or deletes their set. */
  dismisses(world: World): void {
    for (const vmName of this.#owed.keys()) if (!world.isWanted(vmName)) this.#dismissed.add(vmName);
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
    const isLive = world.node.vms.get(vmName)?.podUID === pod.metadata.uid;
    const mayGo = this.#isEdited && !this.#held.has(vmName);
    if (isLive && world.isWanted(vmName) && !mayGo) {
      this.violations.push(`${vmName} ran, was wanted, and its pod was deleted`);
    }
  }

  /** Whether everything that is owed is still somewhere. What nobody wants any more, and no policy keeps, is not owed. */
  check(world: World, keeps: (vmName: string) => boolean): void {
    for (const [vmName, owed] of this.#owed) {
      const live = world.node.vms.get(vmName)?.content;
      if (live?.origin === owed.origin) {
        this.#owed.delete(vmName);
        this.#dismissed.delete(vmName);
      } else if (this.#dismissed.has(vmName) && !keeps(vmName)) this.#owed.delete(vmName);
      else if (!this.#isHeld(world, vmName, owed)) {
        this.violations.push(`${vmName}: the state ${owed.digest} is nowhere any more`);
        this.#owed.delete(vmName);
      }
    }
  }

  #isHeld({ tags }: World, vmName: string, { digest }: Content): boolean {
    return [tags.get(`${vmName}:hibernate`), tags.get(`${vmName}:latest`)].some(
      (content) => content?.digest === digest,
    );
  }
}
