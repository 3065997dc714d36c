import Type from "typebox";
import { Conditions } from "./condition.js";
import { described } from "./describe.js";
import { AgentMode, CocoonSetPhase, ConnType, SnapshotPolicy, ToolboxMode } from "./enums.js";
import { ListMeta, ObjectMeta, typeMeta } from "./metadata.js";
import { EnvFromSource } from "./resources.js";
import { agentRules, cocoonSetRules, toolboxNameRules, toolboxRules } from "./rules.js";
import { maxImageLength, port, VMOptions } from "./vm-options.js";

const AgentSpec = Type.Object(
  {
    replicas: Type.Optional(
      Type.Integer({
        description:
          "Number of sub-agents, each a fork of the running main agent. The main agent runs besides them, so 2 gives " +
          "three VMs. Fewer removes the highest slots and their VMs.",
        default: 0,
        format: "int32",
        minimum: 0,
        // API servers do not hold the format by themselves, and Go cannot read more.
        maximum: 2 ** 31 - 1,
      }),
    ),
    image: Type.String({
      description:
        "What the VM starts from: an OCI image such as ghcr.io/example/ubuntu:24.04, the http(s) URL of a disk " +
        "image (not with firecracker), or in mode clone a snapshot.",
      minLength: 1,
      maxLength: maxImageLength,
    }),
    mode: Type.Optional(
      described(
        AgentMode,
        "How the main agent's VM comes to life: clone restores a snapshot (not with firecracker), run boots the " +
          "image. Sub-agents always fork the main agent.",
      ),
    ),
    ...VMOptions.properties,
    envFrom: Type.Optional(
      Type.Array(EnvFromSource, {
        description: "ConfigMaps and Secrets whose entries become environment variables of the agents.",
      }),
    ),
    serviceAccountName: Type.Optional(
      Type.String({ description: "Service account of the agents' pods; unset is default." }),
    ),
  },
  {
    title: "AgentSpec",
    extends: "VMOptions",
    description: "The agents of a CocoonSet: one main agent in slot 0, and sub-agents in slots 1 and up.",
    examples: [{ image: "ghcr.io/example/ubuntu:24.04", mode: "run", replicas: 2, storage: "20Gi" }],
    "x-kubernetes-validations": agentRules,
  },
);

const ToolboxSpec = Type.Object(
  {
    name: Type.String({
      description:
        "Name within the CocoonSet, a DNS label such as db; part of the names of pod and VM. Digits alone are " +
        "refused, because they would read as the slot of an agent.",
      minLength: 1,
      maxLength: 63,
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      "x-kubernetes-validations": toolboxNameRules,
    }),
    image: Type.Optional(
      Type.String({
        description:
          "What the VM starts from, as with an agent. Required unless mode is static, which does not look at it.",
        maxLength: maxImageLength,
      }),
    ),
    mode: Type.Optional(
      described(
        ToolboxMode,
        "How the VM comes to life: run boots the image, clone restores a snapshot (not with firecracker), static " +
          "adopts the running VM named by staticIP and staticVMID.",
      ),
    ),
    ...VMOptions.properties,
    staticIP: Type.Optional(
      Type.String({
        description: "IP address of the adopted VM, such as 10.0.0.5; required in mode static.",
      }),
    ),
    staticVMID: Type.Optional(
      Type.String({ description: "ID of the adopted VM, such as vm-123; required in mode static." }),
    ),
    vncPort: port("TCP port at which the VM serves VNC, such as 5900; 0 or unset means that it serves none."),
  },
  {
    title: "ToolboxSpec",
    extends: "VMOptions",
    description: "A VM beside the agents, such as a database, a Windows desktop or a jump host.",
    examples: [{ name: "db", image: "ghcr.io/example/postgres:17", storage: "50Gi", probePort: 5432 }],
    "x-kubernetes-validations": toolboxRules,
  },
);

const CocoonSetSpec = Type.Object(
  {
    suspend: Type.Optional(
      Type.Boolean({
        description:
          "Hibernate every VM of the set to a snapshot, until set to false again; false unless set.",
      }),
    ),
    snapshotPolicy: Type.Optional(
      described(
        SnapshotPolicy,
        "Which VMs leave a snapshot behind when their pod goes: always for all of them, main-only for the main " +
          "agent, never for none.",
      ),
    ),
    nodePool: Type.Optional(
      Type.String({
        description: "Pool whose nodes run the VMs: the value of the node label cocoonstack.io/pool.",
        default: "default",
      }),
    ),
    agent: described(AgentSpec, "The agents: one main agent, and as many sub-agents as replicas says."),
    toolboxes: Type.Optional(
      Type.Array(ToolboxSpec, {
        description: "VMs beside the agents, by name; under server-side apply each name is owned by itself.",
        maxItems: 1000,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
      }),
    ),
  },
  {
    title: "CocoonSetSpec",
    description: "What a CocoonSet should be.",
    examples: [
      { snapshotPolicy: "main-only", nodePool: "gpu", agent: { image: "ghcr.io/example/ubuntu:24.04" } },
    ],
    "x-kubernetes-validations": cocoonSetRules,
  },
);

/** What the status says of every VM. */
const observedVM = {
  podName: Type.Optional(Type.String({ description: "Pod that stands for the VM." })),
  vmName: Type.Optional(Type.String({ description: "Name of the VM, such as vk-default-demo-0." })),
  vmID: Type.Optional(Type.String({ description: "ID that the node gave the VM; empty until it exists." })),
  ip: Type.Optional(Type.String({ description: "IP address of the VM; empty until it has one." })),
  phase: Type.Optional(Type.String({ description: "Phase of the pod, such as Pending or Running." })),
};

const AgentStatus = Type.Object(
  {
    slot: Type.Integer({
      description: "Slot: 0 is the main agent, sub-agents follow from 1.",
      format: "int32",
    }),
    role: Type.String({ description: "main or sub-agent." }),
    ...observedVM,
    forkedFrom: Type.Optional(
      Type.String({ description: "Name of the VM that this one was forked from; empty on the main agent." }),
    ),
  },
  {
    title: "AgentStatus",
    description: "One agent as it was last seen.",
    examples: [
      {
        slot: 1,
        role: "sub-agent",
        podName: "demo-1",
        vmName: "vk-default-demo-1",
        forkedFrom: "vk-default-demo-0",
      },
    ],
  },
);

const ToolboxStatus = Type.Object(
  {
    name: Type.String({ description: "Name of the toolbox in the spec." }),
    ...observedVM,
    connType: Type.Optional(
      described(ConnType, "Protocol by which people reach the VM, worked out where the spec is silent."),
    ),
    vncPort: Type.Optional(
      Type.Integer({
        description: "TCP port at which the VM serves VNC; 0 or unset means none.",
        format: "int32",
      }),
    ),
  },
  {
    title: "ToolboxStatus",
    description: "One toolbox as it was last seen.",
    examples: [
      { name: "db", podName: "demo-db", vmName: "vk-default-demo-db", ip: "10.0.0.8", connType: "ssh" },
    ],
  },
);

const count = (description: string) => Type.Optional(Type.Integer({ description, format: "int32" }));

const CocoonSetStatus = Type.Object(
  {
    observedGeneration: Type.Optional(
      Type.Integer({
        description:
          "metadata.generation of the spec that this status speaks of; below it, the status is out of date.",
        format: "int64",
      }),
    ),
    phase: Type.Optional(
      described(
        CocoonSetPhase,
        "Where the set stands: Pending until the main agent is ready, Scaling while VMs are missing, Running when all " +
          "are ready, Suspending and Suspended under suspend, Failed when the main agent failed.",
      ),
    ),
    readyAgents: count("Agents that are ready, main agent included."),
    desiredAgents: count("Agents that should run: 1 + spec.agent.replicas."),
    readyToolboxes: count("Toolboxes that are ready."),
    desiredToolboxes: count("Toolboxes that should run."),
    agents: Type.Optional(
      Type.Array(AgentStatus, {
        description: "The agents as they were last seen, by slot.",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["slot"],
      }),
    ),
    toolboxes: Type.Optional(
      Type.Array(ToolboxStatus, {
        description: "The toolboxes as they were last seen, by name.",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
      }),
    ),
    conditions: Type.Optional(Conditions),
  },
  {
    title: "CocoonSetStatus",
    description: "What a CocoonSet was last seen to be.",
    examples: [{ observedGeneration: 3, phase: "Scaling", readyAgents: 2, desiredAgents: 3 }],
  },
);

const CocoonSet = Type.Object(
  {
    ...typeMeta,
    metadata: Type.Optional(described(ObjectMeta, "Standard object metadata.")),
    spec: described(CocoonSetSpec, "What the set should be."),
    status: Type.Optional(described(CocoonSetStatus, "What the operator last saw; only it writes here.")),
  },
  {
    title: "CocoonSet",
    description:
      "A group of stateful VMs that run as pods: a main agent, sub-agents forked from it, and toolboxes beside them.",
    examples: [
      {
        apiVersion: "cocoonset.cocoonstack.io/v1",
        kind: "CocoonSet",
        metadata: { name: "demo", namespace: "default" },
        spec: {
          agent: { image: "ghcr.io/example/ubuntu:24.04", mode: "run", replicas: 2, storage: "20Gi" },
          toolboxes: [{ name: "jump", mode: "static", staticIP: "10.0.0.5", staticVMID: "vm-123" }],
        },
      },
    ],
  },
);

const CocoonSetList = Type.Object(
  {
    ...typeMeta,
    metadata: Type.Optional(described(ListMeta, "Standard list metadata.")),
    items: Type.Array(CocoonSet, { description: "The sets." }),
  },
  {
    title: "CocoonSetList",
    description: "A list of CocoonSets, as the API server returns it.",
    examples: [
      {
        metadata: { resourceVersion: "1042" },
        items: [{ metadata: { name: "demo" }, spec: { agent: { image: "ghcr.io/example/ubuntu:24.04" } } }],
      },
    ],
  },
);

export {
  AgentSpec,
  AgentStatus,
  CocoonSet,
  CocoonSetList,
  CocoonSetSpec,
  CocoonSetStatus,
  ToolboxSpec,
  ToolboxStatus,
};
