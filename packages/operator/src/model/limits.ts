/** How often something that cannot be watched is looked at again: a tag that a node is about to push. */
export const pollMs = 5_000;

/** How often a registry that refuses or does not answer is asked again, at the earliest. */
export const registryRetryMs = 30_000;

/** A VM that has not hibernated by then has failed to, as far as a CocoonHibernation is concerned. */
export const hibernateDeadlineMs = 3 * 60_000;

/** A VM that has not woken by then has failed to, as far as a CocoonHibernation is concerned. */
export const wakeDeadlineMs = 5 * 60_000;

/** A pod that is still there so long after its deletion was asked for is reported. */
export const stuckDeletionMs = 5 * 60_000;

/** How long each of the rebuilds of a failed pod waits after the one before it; after the last there is none. */
export const rebuildDelaysMs: readonly number[] = [0, 1_000, 5_000, 30_000];

/** A pod that has been ready for so long has left its failures behind. */
export const healthyMs = 60 * 60_000;

/** How many pods one plan creates, so that a set of ten thousand does not make one plan of ten thousand actions. */
export const mostCreatesPerPlan = 64;
