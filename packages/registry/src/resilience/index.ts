export { CircuitBreaker, type Admission, type BreakerOptions, type TryResult } from "./circuit-breaker.js";
export { Places } from "./places.js";
export { retryDelayMs, type FailedTry, type RetryOptions } from "./retry-delay.js";
