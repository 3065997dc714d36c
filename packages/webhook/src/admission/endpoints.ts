import type { AdmissionContext, AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import type { ParentReader } from "../facts/index.js";
import {
  decideCocoonSet,
  decidePodCreate,
  decideWorkloadUpdate,
  type Decision,
  isScale,
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
  readonly decide: (request: AdmissionRequest, context: AdmissionContext) => Decision | Promise<Decision>;
}

/** What the policies need besides the requests. */
export interface Facts extends PodFacts {
  readonly parents: ParentReader;
}

/** Every admission endpoint of the webhook. */
export function endpointsOf(facts: Facts): readonly Endpoint[] {
  return [
    { path: "/mutate", handler: "mutate", decide: (request) => decidePodCreate(request, facts) },
    {
      path: "/validate",
      handler: "validate",
      decide: (request, context) =>
        isScale(request) ? decideScale(request, context, facts.parents) : decideWorkloadUpdate(request),
    },
    { path: "/validate-cocoonset", handler: "validate_cocoonset", decide: decideCocoonSet },
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
