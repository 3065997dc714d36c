import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fileText } from "./text-source.js";

let file = "";
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  file = path.join(await mkdtemp(path.join(tmpdir(), "text-")), "token");
  await writeFile(file, "one");
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(path.dirname(file), { recursive: true });
});

it("reads again only when the text is old enough, or forgotten", async () => {
  const source = fileText(file, 30_000);
  expect(await source.read()).toBe("one");
  await writeFile(file, "two");
  vi.advanceTimersByTime(29_999);
  expect(await source.read()).toBe("one");
  vi.advanceTimersByTime(1);
  expect(await source.read()).toBe("two");
  await writeFile(file, "three");
  source.forget();
  expect(await source.read()).toBe("three");
});

it("keeps the last good text while the file is missing or empty", async () => {
  const source = fileText(file, 0);
  await source.read();
  await rm(file);
  expect(await source.read()).toBe("one");
  await writeFile(file, "\n");
  expect(await source.read()).toBe("one");
  await writeFile(file, "two");
  expect(await source.read()).toBe("two");
});

it("the first read names the file that fails", async () => {
  await expect(fileText(`${file}x`, 0).read()).rejects.toThrow(`${file}x cannot be read (ENOENT)`);
  await writeFile(file, " ");
  await expect(fileText(file, 0).read()).rejects.toThrow(`${file} is empty`);
});
