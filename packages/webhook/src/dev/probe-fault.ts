import { probeWebhookName } from "../registration/index.js";

/**
 * Why a probe did not arrive:
 *
 * - `unreachable`: the API server could not call the place where the registration points
 * - `forbidden`: whoever sent it may not create ConfigMaps there
 * - `no-namespace`: the namespace of the ConfigMap does not exist
 * - `not-asked`: the ConfigMap went through without a question
 * - `other`: something else held it up, such as another webhook or an API server that gives no answer
 */
export type ProbeFaultKind = "unreachable" | "forbidden" | "no-namespace" | "not-asked" | "other";

/** What a probe found out, where it did not arrive. */
export interface ProbeFault {
  readonly kind: ProbeFaultKind;
  /** The API server's own words. */
  readonly message: string;
}

/** Faults that time does not mend. */
export const isFinal = ({ kind }: ProbeFault): boolean => kind === "forbidden" || kind === "no-namespace";

/**
 * Reads an answer to a probe. The status alone does not tell: other webhooks, quotas and policies refuse by 403 and 404 as
 * well, and mutating webhooks before ours may do so only for a moment.
 *
 * @param status of the answer; undefined where there was none
 * @param message what the API server says
 */
export function probeFaultOf(status: number | undefined, message: string): ProbeFault {
  if (status === 201) return { kind: "not-asked", message: "they do not, and give no reason" };
  const [, reason] = message.split(`failed calling webhook "${probeWebhookName}": `);
  if (reason !== undefined)
    return { kind: "unreachable", message: reason.replace("failed to call webhook: ", "") };
  return { kind: kindOf(status, message), message };
}

function kindOf(status: number | undefined, message: string): ProbeFaultKind {
  if (status === 401) return "forbidden";
  if (status === 403 && message.includes(" cannot create resource ")) return "forbidden";
  if (status === 404 && /: namespaces "[^"]*" not found$/.test(message)) return "no-namespace";
  return "other";
}

/** What a fault is about. */
export interface ProbedPlace {
  /** Where API servers were to ask. */
  readonly url: string;
  /** Of the ConfigMap. */
  readonly namespace: string;
  /** What to do where they do not reach it. */
  readonly hint: string;
}

/** A fault in sentences, with the way out. */
export function probeFaultLines({ kind, message }: ProbeFault, place: ProbedPlace): readonly string[] {
  const { url, namespace, hint } = place;
  const texts: Readonly<Record<ProbeFaultKind, readonly string[]>> = {
    unreachable: [`API servers cannot ask ${url}: ${message}`, hint],
    forbidden: [
      `whether API servers reach ${url} cannot be tried: ${message}; have the right to create ConfigMaps in namespace ${namespace} granted`,
    ],
    "no-namespace": [
      `there is no namespace ${namespace}: create it, or name another one by --namespace or in the kubeconfig's context`,
    ],
    "not-asked": [`API servers should ask ${url}: ${message}; try again`],
    other: [
      `whether API servers reach ${url} could not be found out: ${message}; mend that, or try in another namespace`,
    ],
  };
  return texts[kind];
}
