import { type Deed, kubectl, type Step } from "./story.js";

const edit = (spec: object): Deed =>
  kubectl("patch", "cocoonset", "demo", "--type=merge", "-p", JSON.stringify({ spec }));

/** Waits for the phase of an object. What a person would see at once takes seconds on a busy machine. */
const untilPhase = (object: string, phase: string): Deed =>
  kubectl("wait", object, `--for=jsonpath={.status.phase}=${phase}`, "--timeout=100s");

const disks: Deed = { look: "the VMs on the node", at: (stage) => Promise.resolve(stage.disks()) };
const snapshots: Deed = { look: "the snapshots in the registry", at: (stage) => stage.snapshots() };
const noSnapshots: Deed = { look: "the snapshots in the registry", at: (stage) => stage.noSnapshots() };
const work: Deed = {
  look: "somebody works in demo-0",
  at: (stage) => Promise.resolve(stage.work("demo-0")),
};

/** What the demo tells of the life of VMs, in order, with the CocoonSet that the story of the webhook has left. */
export const vmStory: readonly Step[] = [
  {
    title: "The VMs of the CocoonSet",
    deeds: [untilPhase("cocoonset/demo", "Running"), disks],
    succeeds: true,
    shows: "vk-default-demo-windows",
    decision: "allowed CREATE Pod default/demo-windows",
    why: "The main agent boots first; then two agents are forked from it, and a Windows VM boots beside them. Each is a pod that the operator makes, so the webhook lets it through. DISK is the boot that a disk goes back to, and how often it was written since.",
  },
  {
    title: "Three days of work in the main agent",
    deeds: [work, disks],
    succeeds: true,
    shows: (stage) => stage.worked,
    why: "This is what must not be lost: no image has it.",
  },
  {
    title: "Friday evening: the CocoonSet is suspended",
    deeds: [edit({ suspend: true }), untilPhase("cocoonset/demo", "Suspended"), snapshots],
    succeeds: true,
    shows: (stage) => stage.worked,
    why: "Every VM has gone into a snapshot, and the snapshot into the registry, before the VM ended. The work is there.",
  },
  {
    title: "What is left in the cluster",
    deeds: [kubectl("get", "cocoonsets,pods"), disks],
    succeeds: true,
    shows: "Suspended",
    why: "The pods wait, and nothing runs on the node.",
  },
  {
    title: "Monday morning: it wakes",
    deeds: [edit({ suspend: false }), untilPhase("cocoonset/demo", "Running"), disks, noSnapshots],
    succeeds: true,
    shows: (stage) => stage.worked,
    why: "The same disks, and not fresh ones: each VM came from its snapshot, and the snapshots go once it runs.",
  },
  {
    title: "One VM alone is put to sleep",
    deeds: [
      kubectl("apply", "-f", "examples/cocoonhibernation.yaml"),
      untilPhase("cocoonhibernation/demo-1", "Hibernated"),
      snapshots,
    ],
    succeeds: true,
    shows: "vk-default-demo-1:hibernate",
    decision: "allowed CREATE CocoonHibernation default/demo-1",
    why: "The rest of the CocoonSet goes on.",
  },
  {
    title: "One agent less",
    deeds: [
      edit({ agent: { replicas: 1 } }),
      kubectl("wait", "cocoonset/demo", "--for=condition=Progressing=False", "--timeout=100s"),
    ],
    succeeds: true,
    shows: "removes the Cocoon VM of pod demo-2",
    decision: "warned  UPDATE CocoonSet default/demo",
    why: "The highest slot goes, which is known beforehand, and whoever does that is told what it costs.",
  },
  {
    title: "What there is now",
    deeds: [kubectl("get", "cocoonsets,ch,pods")],
    succeeds: true,
    shows: "cocoonhibernation.cocoonset.cocoonstack.io/demo-1",
    why: "ch is short for cocoonhibernations. cs would be short for cocoonsets, but kubectl takes it for Kubernetes' own componentstatuses. demo-1 sleeps, and ordinary waits for a node that takes containers.",
  },
];
