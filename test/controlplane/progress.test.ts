import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { elapsed, startProgress } from "./progress.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("writes a line every ten seconds where nobody watches", () => {
  let written = "";
  const progress = startProgress({ write: (text) => (written += text) }, () => "Compiling");
  vi.advanceTimersByTime(25_000);
  progress.say("Done");
  progress.end();
  vi.advanceTimersByTime(25_000);
  expect(written).toBe("Compiling (10 s)\nCompiling (20 s)\nDone (25 s)\n");
});

it("keeps one live line on a terminal, never wider than that", () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY: true, columns: 8 };
  const progress = startProgress(stream, () => "Compiling");
  vi.advanceTimersByTime(500);
  progress.end();
  expect(written).toEqual(["\r\u001b[KCompili", "\r\u001b[K"]);
});

it("tells time in minutes and seconds", () => {
  expect([0, 59_400, 60_000, 75_000].map(elapsed)).toEqual(["0 s", "59 s", "1 min 0 s", "1 min 15 s"]);
});
