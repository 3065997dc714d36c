/** Annotations of pods between operator and node, or of the node alone, that the shared contract does not name. */
export const nodeAnnotations = {
  /** `true`, by the operator: the VM comes from its hibernation snapshot instead of from its image. */
  restoreFromHibernate: "vm.cocoonstack.io/restore-from-hibernate",
  /** How the set-up of a cloned guest goes: `running`, `done` or `failed`. */
  postCloneState: "vm.cocoonstack.io/post-clone-state",
} as const;
