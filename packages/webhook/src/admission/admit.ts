import type { AdmissionContext, AdmissionHandler, AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import type { Logger } from "@cocoonstack/common/log";
import { type Decision, fail, skip } from "../policy/index.js";
import { answerOf } from "./answer.js";
import { type DecisionRecord, recordOf } from "./decision-record.js";
import type { Endpoint } from "./endpoints.js";
import { logDecision } from "./log-decision.js";
import type { AdmissionMetrics } from "./metrics.js";

/** Where decisions are seen. */
export interface Observers {
  readonly metrics: AdmissionMetrics;
  readonly log: Logger;
  /** Called for each decision, before it is answered. */
  readonly onDecision?: ((record: DecisionRecord) => void) | undefined;
}

/** The handler of an endpoint: answer, metric, log line and what is shown come from the one decision, so they cannot disagree. */
export function admit(endpoint: Endpoint, { metrics, log, onDecision }: Observers): AdmissionHandler {
  return async (request, context) => {
    metrics.begin();
    const decision = await decideSafely(endpoint, request, context, log);
    metrics.end(endpoint.handler, decision, performance.now() - context.receivedAtMs);
    const record = recordOf(endpoint.handler, request, decision);
    logDecision(log, record);
    onDecision?.(record);
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
