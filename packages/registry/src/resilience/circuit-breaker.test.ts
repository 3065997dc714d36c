import { describe, expect, it } from "vitest";
import { CircuitBreaker, type TryResult } from "./circuit-breaker.js";

const options = { failuresToOpen: 3, openMs: 1_000, longestOpenMs: 3_000 };

/** One try at a moment; false where it was not let through. */
function attempt(breaker: CircuitBreaker, nowMs: number, result: TryResult): boolean {
  const admission = breaker.admit(nowMs);
  if (admission.admitted) breaker.settle(admission.permit, result, nowMs);
  return admission.admitted;
}

function opened(atMs = 0): CircuitBreaker {
  const breaker = new CircuitBreaker(options);
  for (let failures = 0; failures < 3; failures++) attempt(breaker, atMs, "failure");
  return breaker;
}

describe("a circuit breaker", () => {
  it("opens after so many failures in a row, and says for how long", () => {
    const breaker = new CircuitBreaker(options);
    attempt(breaker, 0, "failure");
    attempt(breaker, 0, "failure");
    expect(breaker.state).toBe("closed");
    attempt(breaker, 0, "failure");
    expect(breaker.state).toBe("open");
    expect(breaker.admit(400)).toEqual({ admitted: false, retryAfterMs: 600 });
  });

  it("begins to count anew with each success", () => {
    const breaker = new CircuitBreaker(options);
    for (let round = 0; round < 5; round++) {
      attempt(breaker, 0, "failure");
      attempt(breaker, 0, "failure");
      attempt(breaker, 0, "success");
    }
    expect(breaker.state).toBe("closed");
  });

  it("does not count what says nothing, and is not appeased by it", () => {
    const breaker = new CircuitBreaker(options);
    for (const result of ["failure", "neutral", "failure", "neutral"] as const) attempt(breaker, 0, result);
    expect(breaker.state).toBe("closed");
    attempt(breaker, 0, "failure");
    expect(breaker.state).toBe("open");
  });

  it("lets one through after its time, and nobody beside it", () => {
    const breaker = opened();
    const first = breaker.admit(1_000);
    expect(first.admitted).toBe(true);
    expect(breaker.state).toBe("half-open");
    expect(breaker.admit(1_000)).toEqual({ admitted: false, retryAfterMs: 1_000 });
  });

  it("closes when that one succeeds", () => {
    const breaker = opened();
    expect(attempt(breaker, 1_000, "success")).toBe(true);
    expect(breaker.state).toBe("closed");
    expect(breaker.refusesForMs(1_000)).toBe(0);
  });

  it("stays open twice as long each time that one fails, up to a limit", () => {
    const breaker = opened();
    const waits: number[] = [];
    let nowMs = 1_000;
    for (let round = 0; round < 4; round++) {
      attempt(breaker, nowMs, "failure");
      waits.push(breaker.refusesForMs(nowMs));
      nowMs += breaker.refusesForMs(nowMs);
    }
    expect(waits).toEqual([2_000, 3_000, 3_000, 3_000]);
  });

  it("lets the next try at once where the one told nothing", () => {
    const breaker = opened();
    expect(attempt(breaker, 1_000, "neutral")).toBe(true);
    expect(attempt(breaker, 1_000, "success")).toBe(true);
    expect(breaker.state).toBe("closed");
  });

  it("begins with a short time again after it was closed", () => {
    const breaker = opened();
    attempt(breaker, 1_000, "failure");
    attempt(breaker, 3_000, "success");
    for (let failures = 0; failures < 3; failures++) attempt(breaker, 3_000, "failure");
    expect(breaker.refusesForMs(3_000)).toBe(1_000);
  });

  it.each(["success", "failure"] as const)("does not hear of a %s that began before it opened", (result) => {
    const breaker = new CircuitBreaker(options);
    const early = breaker.admit(0);
    for (let failures = 0; failures < 3; failures++) attempt(breaker, 0, "failure");
    const halfOpen = breaker.admit(1_000);
    expect(halfOpen.admitted).toBe(true);
    if (early.admitted) breaker.settle(early.permit, result, 1_000);
    expect(breaker.state).toBe("half-open");
  });
});
