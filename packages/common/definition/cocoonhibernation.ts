import Type from "typebox";
import { Conditions } from "./condition.js";
import { described } from "./describe.js";
import { HibernationDesire, HibernationPhase } from "./enums.js";
import { ListMeta, ObjectMeta, typeMeta } from "./metadata.js";
import { podRefRules } from "./rules.js";

const HibernationPodRef = Type.Object(
  {
    name: Type.String({
      description: "Name of the pod, in the namespace of the CocoonHibernation, whose name it must share.",
      minLength: 1,
      maxLength: 253,
    }),
  },
  {
    title: "HibernationPodRef",
    description: "The pod that a CocoonHibernation speaks of.",
    examples: [{ name: "demo-0" }],
    "x-kubernetes-validations": podRefRules,
  },
);

const CocoonHibernationSpec = Type.Object(
  {
    podRef: described(
      HibernationPodRef,
      "The pod whose VM is hibernated or woken. It never changes: another pod needs another CocoonHibernation.",
    ),
    desire: described(
      HibernationDesire,
      "What the VM should do: Hibernate saves it to a snapshot and frees its host, Wake brings it back from there.",
    ),
  },
  {
    title: "CocoonHibernationSpec",
    description: "Which VM should sleep or wake.",
    examples: [{ podRef: { name: "demo-0" }, desire: "Wake" }],
  },
);

const CocoonHibernationStatus = Type.Object(
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
        HibernationPhase,
        "How far it has come: Pending while the pod is missing, Hibernating and Hibernated on the way down, Waking " +
          "and Active on the way up, Failed when it took too long.",
      ),
    ),
    vmName: Type.Optional(
      Type.String({
        description: "VM that the pod stands for, such as vk-default-demo-0; its snapshot bears this name.",
      }),
    ),
    conditions: Type.Optional(Conditions),
  },
  {
    title: "CocoonHibernationStatus",
    description: "How far a CocoonHibernation has come.",
    examples: [{ observedGeneration: 2, phase: "Hibernated", vmName: "vk-default-demo-0" }],
  },
);

const CocoonHibernation = Type.Object(
  {
    ...typeMeta,
    metadata: Type.Optional(described(ObjectMeta, "Standard object metadata.")),
    spec: described(CocoonHibernationSpec, "Which VM should sleep or wake."),
    status: Type.Optional(
      described(CocoonHibernationStatus, "What the operator last saw; only it writes here."),
    ),
  },
  {
    title: "CocoonHibernation",
    description:
      "Saves the VM behind one pod to a snapshot, and brings it back: the way to pause a VM without losing it.",
    examples: [
      {
        apiVersion: "cocoonset.cocoonstack.io/v1",
        kind: "CocoonHibernation",
        metadata: { name: "demo-0", namespace: "default" },
        spec: { podRef: { name: "demo-0" }, desire: "Hibernate" },
      },
    ],
  },
);

const CocoonHibernationList = Type.Object(
  {
    ...typeMeta,
    metadata: Type.Optional(described(ListMeta, "Standard list metadata.")),
    items: Type.Array(CocoonHibernation, { description: "The hibernations." }),
  },
  {
    title: "CocoonHibernationList",
    description: "A list of CocoonHibernations, as the API server returns it.",
    examples: [
      {
        metadata: { resourceVersion: "1042" },
        items: [{ metadata: { name: "demo-0" }, spec: { podRef: { name: "demo-0" }, desire: "Wake" } }],
      },
    ],
  },
);

export {
  CocoonHibernation,
  CocoonHibernationList,
  CocoonHibernationSpec,
  CocoonHibernationStatus,
  HibernationPodRef,
};
