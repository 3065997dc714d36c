import type {
  AdmissionContext,
  AdmissionHandler,
  AdmissionRequest,
  AdmissionResponse,
} from "@cocoonstack/common/k8s/admission";
import type { Logger } from "@cocoonstack/common/log";
import { type Decision, fail, skip } from "../policy/index.js";
import { answerOf } from "./answer.js";
import { type DecisionRecord, recordOf } from "./decision-record.js";
import type { Endpoint } from "./endpoints.js";
import { isLogged, logDecision } from "./log-decision.js";
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
  return (request, context) => {
    const conclude = (decision: Decision): AdmissionResponse => {
      metrics.end(endpoint.handler, decision, performance.now() - context.receivedAtMs);
      const logs = isLogged(log, decision);
      // Most are logged at a level that is off: then there is nobody to put a record together for.
      if (logs || onDecision !== undefined) {
        const record = recordOf(endpoint.handler, request, decision);
        if (logs) logDecision(log, record);
        onDecision?.(record);
      }
      return answerOf(decision);
    };
    metrics.begin();
    const decision = decideSafely(endpoint, request, context, log);
    // Most policies decide at once: a promise for each of them would only be waited for.
    return decision instanceof Promise ? decision.then(conclude) : conclude(decision);
  };
}

function decideSafely(
  endpoint: Endpoint,
  request: AdmissionRequest,
  context: AdmissionContext,
  log: Logger,
): Decision | Promise<Decision> {
  const failed = (error: unknown): Decision => failure(endpoint, request, error, log);
  try {
    const decision = endpoint.decide(request, context);
    return decision instanceof Promise ? decision.catch(failed) : decision;
  } catch (error) {
    return failed(error);
  }
}

/** An exception is a refusal: a rule that fails must not let anything through. Advice that fails is only not given. */
function failure(
  { handler, advisory = false }: Endpoint,
  { uid }: AdmissionRequest,
  error: unknown,
  log: Logger,
): Decision {
  log.error(
    { err: error, handler, uid },
    advisory ? "advice threw" : "a policy threw; the request is refused",
  );
  if (advisory) return skip("no-advice");
  return fail("internal", "the webhook failed to decide, so the request is refused; its log has the cause");
}
