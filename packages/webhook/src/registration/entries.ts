import { apiGroup, apiVersionName } from "@cocoonstack/common/meta";
import { guardedKinds, unscaledKinds, type WorkloadKind } from "../policy/index.js";
import {
  cocoonWorkload,
  gainsToleration,
  hasToleration,
  notDeploymentController,
  replicasFall,
  specDiffers,
  vmsAtStake,
} from "./expressions.js";

/** What an entry is about, as in `rules` of a webhook configuration. */
export interface Rule {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly string[];
  readonly operations: readonly ("CREATE" | "UPDATE" | "DELETE")[];
}

/** One entry, before it is told how it is reached. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly rules: readonly Rule[];
  /** All must hold for the webhook to be asked: a failing webhook then touches nothing but what is at stake. */
  readonly conditions: readonly { readonly name: string; readonly expression: string }[];
  readonly exceptNamespaces?: readonly string[];
  readonly onlyNamespace?: string | undefined;
  /** What happens while the webhook cannot be asked. @default "Fail" */
  readonly failurePolicy?: "Fail" | "Ignore";
}

/** One rule for each API group among the kinds, about their resources or a subresource of them. */
export function rulesFor(
  kinds: readonly WorkloadKind[],
  operations: Rule["operations"],
  subresource?: string,
): Rule[] {
  return [...new Set(kinds.map(({ group }) => group))].map((group) => ({
    group,
    version: "v1",
    resources: kinds
      .filter((kind) => kind.group === group)
      .map(({ resource }) => (subresource === undefined ? resource : `${resource}/${subresource}`)),
    operations,
  }));
}

const podTolerates = { name: "is-cocoon", expression: hasToleration("object.spec") };

/** Asked before an object is stored and before others have changed it. */
export const mutating: readonly Entry[] = [
  {
    name: "pods.webhook.cocoonstack.io",
    path: "/mutate",
    rules: [{ group: "", version: "v1", resources: ["pods"], operations: ["CREATE"] }],
    conditions: [podTolerates],
    exceptNamespaces: ["kube-system"],
  },
];

const cronJobs = unscaledKinds.filter(({ kind }) => kind === "CronJob");
const otherWorkloads = [...guardedKinds, ...unscaledKinds].filter((kind) => !cronJobs.includes(kind));
const anyChange = ["CREATE", "UPDATE", "DELETE"] as const;

/** The final object: another webhook may have added the toleration, and so may an update. */
export const finalPods: Entry = {
  name: "final-pods.webhook.cocoonstack.io",
  path: "/validate-pod",
  rules: [{ group: "", version: "v1", resources: ["pods"], operations: ["CREATE", "UPDATE"] }],
  conditions: [podTolerates, { name: "gains-toleration", expression: gainsToleration }],
  exceptNamespaces: ["kube-system"],
};

/** Updates of a workload itself. */
export const workloads: Entry = {
  name: "workloads.webhook.cocoonstack.io",
  path: "/validate",
  rules: rulesFor(guardedKinds, ["UPDATE"]),
  conditions: [
    { name: "was-cocoon", expression: hasToleration("oldObject.spec.template.spec") },
    { name: "vms-at-stake", expression: vmsAtStake },
    { name: "not-deployment-controller", expression: notDeploymentController },
  ],
};

/** A Scale shows no template, so this one entry cannot be bounded to cocoon workloads. */
export const scale: Entry = {
  name: "scale.webhook.cocoonstack.io",
  path: "/validate",
  rules: rulesFor(guardedKinds, ["UPDATE"], "scale"),
  conditions: [{ name: "replicas-fall", expression: replicasFall(0) }],
};

/** They are few, and all at stake. */
export const hibernations: Entry = {
  name: "cocoonhibernations.webhook.cocoonstack.io",
  path: "/validate-cocoonhibernation",
  rules: [
    { group: apiGroup, version: apiVersionName, resources: ["cocoonhibernations"], operations: ["CREATE"] },
  ],
  conditions: [],
};

/** Asked about the final object. */
export const validating: readonly Entry[] = [
  finalPods,
  workloads,
  scale,
  {
    name: "cocoonsets.webhook.cocoonstack.io",
    path: "/validate-cocoonset",
    rules: [
      {
        group: apiGroup,
        version: apiVersionName,
        resources: ["cocoonsets"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    conditions: [{ name: "spec-differs", expression: specDiffers }],
  },
  hibernations,
  {
    name: "workload-warnings.webhook.cocoonstack.io",
    path: "/warn",
    rules: rulesFor(otherWorkloads, anyChange),
    conditions: [{ name: "is-or-was-cocoon", expression: cocoonWorkload("spec.template.spec") }],
    failurePolicy: "Ignore",
  },
  {
    name: "cronjob-warnings.webhook.cocoonstack.io",
    path: "/warn",
    rules: rulesFor(cronJobs, anyChange),
    conditions: [
      { name: "is-or-was-cocoon", expression: cocoonWorkload("spec.jobTemplate.spec.template.spec") },
    ],
    failurePolicy: "Ignore",
  },
  {
    name: "cocoonset-warnings.webhook.cocoonstack.io",
    path: "/warn",
    rules: [
      {
        group: apiGroup,
        version: apiVersionName,
        resources: ["cocoonsets"],
        operations: ["UPDATE", "DELETE"],
      },
    ],
    conditions: [{ name: "spec-differs", expression: `request.operation == 'DELETE' || ${specDiffers}` }],
    failurePolicy: "Ignore",
  },
];
