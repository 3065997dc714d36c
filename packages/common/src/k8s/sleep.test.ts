import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sleep } from "./sleep.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("resolves true when the time has passed", async () => {
  const pause = sleep(50);
  await vi.advanceTimersByTimeAsync(50);
  expect(await pause).toBe(true);
});

it("resolves false when aborted, and leaves no timer", async () => {
  const stop = new AbortController();
  const pause = sleep(50_000, stop.signal);
  stop.abort();
  expect(await pause).toBe(false);
  expect(await sleep(50_000, stop.signal)).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

it("leaves no listener", async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  const pause = sleep(10, signal);
  await vi.advanceTimersByTimeAsync(10);
  await pause;
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
    added.mock.calls.map(([, listener]) => listener),
  );
});

it("takes longer than a timer can hold", async () => {
  const pause = sleep(2 ** 31 + 1_000);
  let over = false;
  void pause.then(() => (over = true));
  await vi.advanceTimersByTimeAsync(2 ** 31 + 900);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(over).toBe(true);
});
