import type { AdmissionContext, AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import type { HibernationReader, ParentReader } from "../facts/index.js";
import {
  adviseOnCocoonSet,
  adviseOnWorkload,
  decideCocoonSet,
  decidePodChange,
  decidePodCreate,
  decideWorkloadUpdate,
  type Decision,
  isScale,
  judgeHibernation,
  judgeScale,
  type PodFacts,
} from "../policy/index.js";
import { deadlineOf } from "./deadline.js";

/** A path that API servers call, and the policy behind it. */
export interface Endpoint {
  /** E.g. `/mutate`. */
  readonly path: string;
  /** Metric label `handler`. */
  readonly handler: string;
  /** Whether it only ever warns: then not even a failure of its own refuses a request. @default false */
  readonly advisory?: boolean;
  readonly decide: (request: AdmissionRequest, context: AdmissionContext) => Decision | Promise<Decision>;
}

/** What the policies need besides the requests. */
export interface Facts extends PodFacts {
  readonly parents: ParentReader;
  readonly hibernations: HibernationReader;
}

/** Every admission endpoint of the webhook. */
export function endpointsOf(facts: Facts): readonly Endpoint[] {
  return [
    { path: "/mutate", handler: "mutate", decide: (request) => decidePodCreate(request, facts) },
    { path: "/validate-pod", handler: "validate_pod", decide: (request) => decidePodChange(request, facts) },
    {
      path: "/validate",
      handler: "validate",
      decide: (request, context) =>
        isScale(request) ? decideScale(request, context, facts.parents) : decideWorkloadUpdate(request),
    },
    { path: "/validate-cocoonset", handler: "validate_cocoonset", decide: decideCocoonSet },
    {
      path: "/validate-cocoonhibernation",
      handler: "validate_cocoonhibernation",
      decide: (request, context) => decideHibernation(request, context, facts.hibernations),
    },
    {
      path: "/warn",
      handler: "warn",
      advisory: true,
      decide: (request) =>
        request.kind.kind === "CocoonSet" ? adviseOnCocoonSet(request) : adviseOnWorkload(request),
    },
  ];
}

async function decideScale(
  request: AdmissionRequest,
  context: AdmissionContext,
  parents: ParentReader,
): Promise<Decision> {
  const verdict = judgeScale(request);
  return verdict.needs === "nothing"
    ? verdict.decision
    : verdict.decide(await parents.read(verdict.parent, deadlineOf(context)));
}

async function decideHibernation(
  request: AdmissionRequest,
  context: AdmissionContext,
  hibernations: HibernationReader,
): Promise<Decision> {
  const verdict = judgeHibernation(request);
  return verdict.needs === "nothing"
    ? verdict.decision
    : verdict.decide(await hibernations.list(verdict.namespace, deadlineOf(context)));
}
