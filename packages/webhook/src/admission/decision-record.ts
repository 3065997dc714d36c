import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { type Decision, shownName } from "../policy/index.js";

/** A decision and what it is about, for people to read: never the object, which may hold secrets. */
export interface DecisionRecord {
  readonly handler: string;
  readonly result: Decision["outcome"];
  readonly reason: Decision["reason"];
  readonly uid: string;
  readonly user: string;
  readonly operation: AdmissionRequest["operation"];
  readonly kind: string;
  /** Present where the request is for a subresource, together with the main resource. */
  readonly subResource?: string;
  readonly resource?: string;
  readonly namespace: string;
  /** Empty where the API server has yet to make one up. */
  readonly name: string;
  /** What such a name will begin with. */
  readonly generateName?: string;
  /** Present where nothing will be stored. */
  readonly dryRun?: true;
  /** Why the request is refused. */
  readonly message?: string;
  /** What the caller is told although the request goes on. */
  readonly warnings?: readonly string[];
}

/** What there is to tell of a decision. */
export function recordOf(handler: string, request: AdmissionRequest, decision: Decision): DecisionRecord {
  const { uid, kind, namespace, name, operation, subResource, resource, userInfo, dryRun } = request;
  const prefix = name === "" ? generateNameOf(request.object) : undefined;
  return {
    handler,
    result: decision.outcome,
    reason: decision.reason,
    uid: shownName(uid),
    user: shownName(userInfo.username),
    operation,
    kind: shownName(kind.kind),
    ...(subResource === ""
      ? {}
      : { subResource: shownName(subResource), resource: shownName(resource.resource) }),
    namespace: shownName(namespace),
    name: shownName(name),
    ...(prefix === undefined ? {} : { generateName: shownName(prefix) }),
    ...(dryRun ? { dryRun } : {}),
    ...("message" in decision ? { message: decision.message } : {}),
    ...(decision.outcome === "allow" && decision.warnings !== undefined
      ? { warnings: decision.warnings.map(({ message }) => message) }
      : {}),
  };
}

function generateNameOf(object: unknown): string | undefined {
  const prefix = (object as Partial<Named> | null | undefined)?.metadata?.generateName;
  return typeof prefix === "string" && prefix !== "" ? prefix : undefined;
}

/** Nobody has validated the object yet, so anything may stand there. */
interface Named {
  readonly metadata: { readonly generateName?: unknown } | null;
}
