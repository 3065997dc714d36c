import type { Logger } from "@cocoonstack/common/log";
import { type ReadinessCheck, reportReadiness } from "./readiness.js";

/**
 * Tells in the log when the program stops being ready and when it is again: nobody reads a probe's answer afterwards. Gives
 * the function that looks; it is called from time to time.
 */
export function readinessLog(checks: readonly ReadinessCheck[], log: Logger): () => Promise<void> {
  let wasReady = true;
  return () => {
    const { ready, faults } = reportReadiness(checks);
    if (ready !== wasReady) {
      if (ready) log.info({}, "ready again");
      else log.warn({ faults }, "not ready");
    }
    wasReady = ready;
    return Promise.resolve();
  };
}
