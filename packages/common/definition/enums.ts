import Type from "typebox";

// `list` names the constant that holds the values at run time; `default` also gives the type its `…WithDefault`.

export const AgentMode = Type.Enum(["clone", "run"], {
  title: "AgentMode",
  list: "agentModes",
  default: "clone",
  description: "How an agent's VM comes to life: clone restores a snapshot, run boots an image from scratch.",
});

export const ToolboxMode = Type.Enum(["run", "clone", "static"], {
  title: "ToolboxMode",
  list: "toolboxModes",
  default: "run",
  description:
    "How a toolbox's VM comes to life: run boots an image, clone restores a snapshot, static adopts a VM that " +
    "somebody else runs.",
});

export const OSType = Type.Enum(["linux", "windows", "android"], {
  title: "OSType",
  list: "osTypes",
  default: "linux",
  description: "The operating system inside a VM.",
});

export const Backend = Type.Enum(["cloud-hypervisor", "firecracker"], {
  title: "Backend",
  list: "backends",
  default: "cloud-hypervisor",
  description: "The hypervisor that runs a VM.",
});

export const ConnType = Type.Enum(["ssh", "rdp", "vnc", "adb"], {
  title: "ConnType",
  list: "connTypes",
  description: "The protocol by which people reach a VM. It has no default: unset, it follows from the VM.",
});

export const SnapshotPolicy = Type.Enum(["always", "main-only", "never"], {
  title: "SnapshotPolicy",
  list: "snapshotPolicies",
  default: "always",
  description: "Which VMs of a CocoonSet leave a snapshot behind when their pod goes.",
});

export const CocoonSetPhase = Type.Enum(
  ["Pending", "Running", "Scaling", "Suspending", "Suspended", "Failed"],
  {
    title: "CocoonSetPhase",
    list: "cocoonSetPhases",
    description: "Where a CocoonSet stands, in one word.",
  },
);

export const HibernationDesire = Type.Enum(["Hibernate", "Wake"], {
  title: "HibernationDesire",
  list: "hibernationDesires",
  description: "What a CocoonHibernation asks of its VM.",
});

export const HibernationPhase = Type.Enum(
  ["Pending", "Hibernating", "Hibernated", "Waking", "Active", "Failed"],
  {
    title: "HibernationPhase",
    list: "hibernationPhases",
    description: "How far a CocoonHibernation has come.",
  },
);

export const ConditionStatus = Type.Enum(["True", "False", "Unknown"], {
  title: "ConditionStatus",
  list: "conditionStatuses",
  description: "Whether a condition holds.",
});
