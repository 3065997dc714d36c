/** How the main agent fails. */
export const mainFailureReasons = {
  MainAgentFailed: "the pod of the main agent ended",
  PodLifecycleFailed: "the node reports that the main agent's VM failed",
} as const;

/** Why the condition Ready of a CocoonSet stands as it does. */
export const readyReasons = {
  AllAgentsReady: "every agent and toolbox is ready",
  AgentsNotReady: "agents or toolboxes are missing, boot, or fail",
  ...mainFailureReasons,
  Suspending: "VMs are on their way into their snapshots",
  Suspended: "every VM that can sleep is in its snapshot",
  Hibernated: "a CocoonHibernation lets VMs sleep, and everything else is ready",
  Deleting: "the CocoonSet is being deleted",
} as const;

/** Why the condition Progressing of a CocoonSet stands as it does. */
export const progressingReasons = {
  Reconciling: "pods are created, replaced or removed, or VMs boot",
  Suspending: "VMs are on their way into their snapshots",
  Waking: "VMs come back from their snapshots",
  Deleting: "pods and snapshots are cleaned up before the object goes",
  Stable: "nothing is under way",
} as const;

/** What is wrong for as long as something else does not come to its end; of the other troubles, an event of their own tells. */
export const waitingReasons = {
  RegistryUnavailable: "the snapshot registry does not answer, or not usably",
  DeletionStuck: "a pod does not go away",
  TransitionOverdue: "a VM takes too long to hibernate or to wake",
} as const;

/** What is wrong and may mend itself: the condition Degraded. */
export const degradedReasons = {
  MainAgentFailed: "the pod of the main agent ended",
  MainAgentRecovering: "the main agent failed, and is not known to run again yet",
  PodLifecycleFailed: "the node reports that a VM failed",
  DeadLetter: "a pod has used up its rebuilds",
  RebuildBackOff: "a failed pod waits for its next rebuild",
  ...waitingReasons,
  ActionFailed: "the API server or the registry did not do what it was asked for",
  AsExpected: "nothing is wrong",
} as const;

/** What needs somebody to act. */
export const blockingReasons = {
  NameTooLong: "a name does not fit into a label",
  ToolboxNameReserved: "a toolbox has a name that is a slot",
  ToolboxNameRepeated: "two toolboxes have one name",
  NameTaken: "a pod that is not the set's holds a name that it needs",
  VMNameTaken: "the name of a VM is that of another CocoonSet's, or may be",
  VMNameForeign: "a pod names a VM that is not its own",
  RecordUnreadable: "an annotation of the operator's was changed and cannot be read",
  EditHeld: "an edit came while a VM slept, and applying it would lose the VM's state",
  SnapshotMissing: "the snapshot of a sleeping VM is gone",
  SnapshotNotKept: "the state of a VM cannot be kept as the policy wants",
  RegistryRefuses: "the registry refuses to delete a tag",
} as const;

/** The same, and that there is nothing of the kind: the condition Blocked. */
export const blockedReasons = {
  ...blockingReasons,
  AsExpected: "nobody has to act",
} as const;

/** How a CocoonHibernation fails. */
export const hibernationFailureReasons = {
  Failed: "it cannot be done as it stands",
  HibernateTimedOut: "the VM did not hibernate in time",
  WakeTimedOut: "the VM did not wake in time",
} as const;

/** Why the conditions of a CocoonHibernation stand as they do. */
export const hibernationReasons = {
  Pending: "what it speaks of is not there yet",
  Hibernating: "the VM is on its way into its snapshot",
  Waking: "the VM comes back from its snapshot",
  Hibernated: "the VM sleeps in its snapshot",
  Active: "the VM runs",
  ...hibernationFailureReasons,
  Overruled: "somebody else decides about this VM",
  Deleting: "the VM is woken before the object goes",
  Stable: "nothing is under way",
} as const;

/** What events tell of. Metrics count by these, and people filter by them. */
export const eventReasons = {
  Running: "every agent and toolbox of a CocoonSet has become ready",
  Suspended: "every VM of a CocoonSet that can sleep has come to be in its snapshot",
  ...mainFailureReasons,
  RecoveredFromFailure: "the main agent is ready again",
  SubAgentRebuilding: "a failed sub-agent was deleted, and another comes in its place",
  SubAgentDeadLetter: "a sub-agent has used up its rebuilds",
  ToolboxRebuilding: "a failed toolbox was deleted, and another comes in its place",
  ToolboxDeadLetter: "a toolbox has used up its rebuilds",
  ...waitingReasons,
  ActionFailed: degradedReasons.ActionFailed,
  ...blockingReasons,
  Hibernated: "the VM of a CocoonHibernation has come to be in its snapshot",
  WokenActive: "the VM of a CocoonHibernation has come to run",
  ...hibernationFailureReasons,
  RetryRequested: "the spec of a CocoonHibernation that failed was changed",
  Overruled: hibernationReasons.Overruled,
} as const;

/** One reason of a closed set. */
export type ReasonOf<Reasons extends Readonly<Record<string, string>>> = keyof Reasons & string;

/** Why there is an event. */
export type EventReason = ReasonOf<typeof eventReasons>;

/** Whether a reason is one of a closed set. */
export const isReasonOf = <Reasons extends Readonly<Record<string, string>>>(
  reasons: Reasons,
  reason: string,
): reason is ReasonOf<Reasons> => Object.hasOwn(reasons, reason);

/** What is wrong with a set, for one of its conditions. */
export type Trouble =
  | {
      readonly condition: "Degraded";
      readonly reason: ReasonOf<typeof degradedReasons>;
      readonly message: string;
    }
  | {
      readonly condition: "Blocked";
      readonly reason: ReasonOf<typeof blockedReasons>;
      readonly message: string;
    };

/** Something that may mend itself. */
export const degraded = (reason: ReasonOf<typeof degradedReasons>, message: string): Trouble => ({
  condition: "Degraded",
  reason,
  message,
});

/** Something that somebody must act on. */
export const blocked = (reason: ReasonOf<typeof blockedReasons>, message: string): Trouble => ({
  condition: "Blocked",
  reason,
  message,
});
