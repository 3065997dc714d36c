import { apiGroup } from "@cocoonstack/common/meta";

/** On a CocoonSet: its pods and tags are cleaned up before it goes. */
export const setFinalizer = `${apiGroup}/finalizer`;

/** On a CocoonHibernation: its VM is woken, and the tag goes, before it does. */
export const hibernationFinalizer = `cocoonhibernation.${apiGroup}/finalizer`;

/** Annotations that the operator keeps on CocoonSets and CocoonHibernations. */
export const ownerAnnotations = {
  /** JSON: what is known of the hibernation snapshot of each VM that sleeps, or is on its way there or back. */
  snapshots: `${apiGroup}/snapshots`,
  /** JSON: how often the pod of a slot or toolbox was rebuilt. */
  rebuildHistory: `${apiGroup}/rebuild-history`,
  /** Names of VMs that leave, sorted and joined by commas: their tags are collected once their pods are gone. */
  leaving: `${apiGroup}/delete-vm-names`,
  /** `true`, by people: the object may go though tags are left behind, or a snapshot could not be kept. */
  forceCleanup: `${apiGroup}/force-cleanup`,
  /** Names of pods joined by commas, by people: their lost snapshots are given up, and they start afresh. */
  startFresh: `${apiGroup}/start-fresh`,
} as const;

/** Annotations that the operator keeps on pods, besides those that it shares with the node. */
export const podAnnotations = {
  /** Which template the pod was made of. */
  templateHash: `${apiGroup}/template-hash`,
  /** A template that came while the VM slept: the VM keeps the state that it has, and is not replaced for it. */
  heldTemplate: `${apiGroup}/held-template`,
  /** `true`: the pod has used up its rebuilds. */
  deadLetter: `${apiGroup}/dead-letter`,
  /** `true`, for the node: the VM comes from its hibernation snapshot instead of from its image. */
  restoreFromHibernate: "vm.cocoonstack.io/restore-from-hibernate",
} as const;

/** By convention, for people's own selectors. */
export const labelAppName = "app.kubernetes.io/name";
