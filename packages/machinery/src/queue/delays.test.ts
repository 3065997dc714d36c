import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Delays } from "./delays.js";

let due: string[];
let delays: Delays;
beforeEach(() => {
  vi.useFakeTimers();
  due = [];
  delays = new Delays((key) => due.push(key));
});
afterEach(() => {
  vi.useRealTimers();
});

it("tells each key in its time", () => {
  delays.start();
  delays.set("late", 200);
  delays.set("early", 100);
  vi.advanceTimersByTime(199);
  expect([due, delays.size]).toEqual([["early"], 1]);
  vi.advanceTimersByTime(1);
  expect([due, delays.size]).toEqual([["early", "late"], 0]);
});

it("keeps the earlier of two times for a key, and tells it once", () => {
  delays.start();
  delays.set("sooner", 200);
  delays.set("sooner", 100);
  delays.set("later", 100);
  delays.set("later", 200);
  vi.advanceTimersByTime(100);
  expect(due.toSorted()).toEqual(["later", "sooner"]);
  vi.advanceTimersByTime(1_000);
  expect(due).toHaveLength(2);
});

it("counts from the wish, and tells nothing before the start", () => {
  delays.set("a", 100);
  vi.advanceTimersByTime(60);
  expect(vi.getTimerCount()).toBe(0);
  delays.start();
  vi.advanceTimersByTime(40);
  expect(due).toEqual(["a"]);
});

it("takes longer than a timer can hold", () => {
  delays.start();
  delays.set("a", 2 ** 31 + 1_000);
  vi.advanceTimersByTime(2 ** 31 + 900);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(due).toEqual(["a"]);
});

it("forgets everything at the stop", () => {
  delays.start();
  delays.set("a", 100);
  delays.stop();
  expect([delays.size, vi.getTimerCount()]).toEqual([0, 0]);
});
