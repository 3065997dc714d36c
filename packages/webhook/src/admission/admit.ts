import type { AdmissionContext, AdmissionHandler, AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import type { Logger } from "@cocoonstack/common/log";
import { type Decision, fail, skip } from "../policy/index.js";
import { answerOf } from "./answer.js";
import type { Endpoint } from "./endpoints.js";
import { logDecision } from "./log-decision.js";
import type { AdmissionMetrics } from "./metrics.js";

/** Where decisions are seen. */
export interface Observers {
  readonly metrics: AdmissionMetrics;
  readonly log: Logger;
}

/** The handler of an endpoint: answer, metric and log line come from the one decision, so they cannot disagree. */
export function admit(endpoint: Endpoint, { metrics, log }: Observers): AdmissionHandler {
  return async (request, context) => {
    metrics.begin();
    const decision = await decideSafely(endpoint, request, context, log);
    metrics.end(endpoint.handler, decision, performance.now() - context.receivedAtMs);
    logDecision(log, endpoint.handler, request, decision);
    return answerOf(decision);
  };
}

/** An exception is a refusal: a rule that fails must not let anything through. Advice that fails is only not given. */
async function decideSafely(
  { handler, decide, advisory = false }: Endpoint,
  request: AdmissionRequest,
  context: AdmissionContext,
  log: Logger,
): Promise<Decision> {
  try {
    return await decide(request, context);
  } catch (error) {
    log.error(
      { err: error, handler, uid: request.uid },
      advisory ? "advice threw" : "a policy threw; the request is refused",
    );
    if (advisory) return skip("no-advice");
    return fail("internal", "the webhook failed to decide, so the request is refused; its log has the cause");
  }
}
