/** A requirement of node affinity. */
interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

interface SelectorTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** A pod, as far as its place goes. */
export interface SchedulablePod {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
    readonly affinity?: {
      readonly nodeAffinity?: {
        readonly requiredDuringSchedulingIgnoredDuringExecution?: {
          readonly nodeSelectorTerms: readonly SelectorTerm[];
        };
      };
    };
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
  };
}

/** A node, as far as it can be one. */
export interface ScheduledNode {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean };
  readonly status?: {
    readonly allocatable?: { readonly pods?: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Whether the pod may go to the node, which has so many pods already. */
export const fits = (pod: SchedulablePod, node: ScheduledNode, pods: number): boolean =>
  isOpen(node, pods) && isTolerant(pod, node) && isSelected(pod, node) && hasAffinity(pod, node);

function isOpen({ spec, status }: ScheduledNode, pods: number): boolean {
  const isReady = status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  return isReady === true && spec?.unschedulable !== true && pods < Number(status?.allocatable?.pods ?? 0);
}

const isTolerant = ({ spec }: SchedulablePod, node: ScheduledNode): boolean =>
  (node.spec?.taints ?? []).every((taint) => isTolerated(taint, spec.tolerations ?? []));

const isSelected = ({ spec }: SchedulablePod, { metadata }: ScheduledNode): boolean =>
  Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => metadata.labels?.[key] === value);

/** The API server taints new nodes so until a controller that the plane does not run has looked at their condition. */
const ownTaint = "node.kubernetes.io/not-ready";

function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  const isOfNoEffect = taint.effect === "PreferNoSchedule" || taint.key === ownTaint;
  return isOfNoEffect || tolerations.some((toleration) => tolerates(toleration, taint));
}

function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  const isAny = operator === "Exists";
  const isKey = key === undefined ? isAny : key === taint.key;
  const isValue = isAny || (value ?? "") === (taint.value ?? "");
  return isKey && isValue && [undefined, "", taint.effect].includes(effect);
}

function hasAffinity(pod: SchedulablePod, node: ScheduledNode): boolean {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  const { name, labels = {} } = node.metadata;
  return required.nodeSelectorTerms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.every((requirement) => meets(requirement, labels)) &&
      matchFields.every((requirement) => meets(requirement, { "metadata.name": name })),
  );
}

/** @throws {Error} for an operator that no pod of ours has used so far. */
function meets({ key, operator, values = [] }: Requirement, of: Readonly<Record<string, string>>): boolean {
  const value = of[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      throw new Error(`the stand-in scheduler does not know the operator ${operator}: teach it`);
  }
}
