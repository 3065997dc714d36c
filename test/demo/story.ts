import type { VMStage } from "./vm-stage.js";

/** Something that is done in a step. */
export type Deed =
  /** A command, as a person would type it, after `kubectl`. */
  | { readonly kubectl: readonly string[] }
  /** A look at what kubectl does not show, and what it is a look at. */
  | { readonly look: string; readonly at: (stage: VMStage) => Promise<string> };

/** One step of a story: what is done, what must come of it, and why. */
export interface Step {
  readonly title: string;
  readonly deeds: readonly Deed[];
  /** Whether its commands go through. */
  readonly succeeds: boolean;
  /** What their output must contain for the step to have come out as told. */
  readonly shows: string | ((stage: VMStage) => string);
  /** A part of the line that `cocoon-webhook dev` shows; undefined where it is not asked. */
  readonly decision?: string;
  readonly why: string;
}

/** What a person types after `kubectl`, without quotes. */
export const kubectl = (...args: readonly string[]): Deed => ({ kubectl: args });

/** What the demo tells of the webhook, in order. */
export const webhookStory: readonly Step[] = [
  {
    title: "Somebody makes a pod that would be a VM, without a CocoonSet",
    deeds: [kubectl("apply", "-f", "examples/stray-pod.yaml")],
    succeeds: false,
    shows: "no CocoonSet owns it",
    decision: "refused CREATE Pod default/stray",
    why: "Nobody would suspend, snapshot or account for such a VM, so the webhook refuses the pod.",
  },
  {
    title: "An ordinary pod",
    deeds: [kubectl("apply", "-f", "examples/ordinary-pod.yaml")],
    succeeds: true,
    shows: "pod/ordinary created",
    why: "Without the toleration it is no VM. The API server does not even ask the webhook.",
  },
  {
    title: "A CocoonSet with four mistakes",
    deeds: [kubectl("apply", "-f", "examples/cocoonset-invalid.yaml")],
    succeeds: false,
    shows: "spec.agent.mode",
    why: "All mistakes are named at once, with the way out. The CRD's own rules found these, so they hold while no webhook runs.",
  },
  {
    title: "The same, done right",
    deeds: [kubectl("apply", "-f", "examples/cocoonset.yaml")],
    succeeds: true,
    shows: "cocoonset.cocoonstack.io/demo created",
    decision: "allowed CREATE CocoonSet default/demo",
    why: "It keeps all rules, so it is stored, with its defaults filled in.",
  },
  {
    title: "A Deployment of VMs",
    deeds: [kubectl("apply", "-f", "examples/cocoon-deployment.yaml")],
    succeeds: true,
    shows: "deployment.apps/agents created",
    decision: "warned  CREATE Deployment default/agents",
    why: "The workload itself may exist; its pods are judged one by one. (None is made here: the demo has no controllers of Kubernetes' own.)",
  },
  {
    title: "Scaling it down",
    deeds: [kubectl("scale", "deployment/agents", "--replicas=1")],
    succeeds: false,
    shows: "cannot be scaled from 3 to 1 replicas",
    decision: "refused UPDATE deployments/scale default/agents",
    why: "Where its pods run, two VMs would be deleted with their state. To suspend one and keep it, there are CocoonHibernations.",
  },
  {
    title: "Scaling it up",
    deeds: [kubectl("scale", "deployment/agents", "--replicas=4")],
    succeeds: true,
    shows: "deployment.apps/agents scaled",
    why: "Nothing is lost by more replicas.",
  },
];
