import {
  apiVersion,
  applyVMRuntime,
  applyVMSpec,
  kindCocoonSet,
  labelCocoonSet,
  labelRole,
  labelSlot,
  nodePoolKey,
  stampCocoonSetGeneration,
  tolerationKey,
} from "@cocoonstack/common/meta";
import { labelAppName, podAnnotations, type PodManifest, type SetView } from "../model/index.js";
import type { Member } from "./member.js";
import { containerResources } from "./resources.js";
import { templateHash } from "./template-hash.js";

/** What a pod takes from what was observed, and not from its spec. */
export interface PodOrigin {
  /** The node to go to without asking the scheduler: a fork must be where its original runs. */
  readonly nodeName?: string | undefined;
  /** The VM comes from its hibernation snapshot instead of from its image. */
  readonly fromSnapshot: boolean;
}

/** The container does nothing: the node runs the VM that the annotations describe. */
const placeholder = { name: "agent", image: "ghcr.io/cocoonstack/placeholder:latest" };

/** Without limits for these two, the API server adds 300 s each, and an outage of a node would delete its VMs. */
const outages = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

const tolerations: PodManifest["spec"]["tolerations"] = [
  { key: tolerationKey, operator: "Exists" },
  ...outages.map((key) => ({ key, operator: "Exists" as const, effect: "NoExecute" })),
];

/** The pod of a member, ready to be created. */
export function buildPod(set: SetView, member: Member, origin: PodOrigin): PodManifest {
  const { podName, role, slot, vm, serviceAccountName, envFrom } = member;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace: set.namespace,
      name: podName,
      labels: {
        [labelCocoonSet]: set.name,
        [labelRole]: role,
        [labelSlot]: slot,
        [labelAppName]: set.name,
      },
      annotations: annotationsFor(set, member, origin),
      ownerReferences: [
        {
          apiVersion,
          kind: kindCocoonSet,
          name: set.name,
          uid: set.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...(origin.nodeName !== undefined && { nodeName: origin.nodeName }),
      nodeSelector: { [nodePoolKey]: member.pool },
      ...(serviceAccountName !== "" && { serviceAccountName }),
      // The VM is not stopped by this: the node keeps the pod until it is done.
      terminationGracePeriodSeconds: 1,
      tolerations,
      containers: [
        {
          ...placeholder,
          ...(envFrom.length > 0 && { envFrom }),
          resources: containerResources(member.resources, vm.storage),
        },
      ],
    },
  };
}

function annotationsFor(
  set: SetView,
  member: Member,
  { fromSnapshot }: PodOrigin,
): PodManifest["metadata"]["annotations"] {
  const described = applyVMSpec({}, member.vm);
  const known = applyVMRuntime({ metadata: { annotations: described } }, member.preset ?? {});
  return {
    ...stampCocoonSetGeneration({ metadata: { annotations: known } }, set.generation),
    [podAnnotations.templateHash]: templateHash(member),
    ...(fromSnapshot && { [podAnnotations.restoreFromHibernate]: "true" }),
  };
}
