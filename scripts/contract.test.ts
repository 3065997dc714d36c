import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = path.resolve(import.meta.dirname, "contract.ts");

interface Run {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", script, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), stdout, stderr });
    });
  });

describe("npm run contract", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "contract-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const file = async (text: string): Promise<string> => {
    const name = path.join(folder, "vectors.json");
    await writeFile(name, text);
    return name;
  };

  it("ends with a line that counts, and 0 when all is well", async () => {
    const name = await file('{"vmNameForPod":[{"in":{"namespace":"a","podName":"b"},"out":"vk-a-b"}]}');
    expect(await run(name)).toEqual({ code: 0, stdout: "1 passed, 0 failed\n", stderr: "" });
  });

  it("shows a mismatch, and ends with 1", async () => {
    const { code, stdout } = await run(
      await file('{"vmNameForPod":[{"in":{"namespace":"a","podName":"b"},"out":"c"}]}'),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/expected: "c"\n {2}got: {6}"vk-a-b"\n0 passed, 1 failed\n$/);
  });

  it("ends with 1 for a file that holds nothing, or is not there, and says so", async () => {
    const empty = await run(await file(""));
    expect(empty).toMatchObject({ code: 1, stdout: "0 passed, 1 failed\n" });
    expect(empty.stderr).toMatch(/vectors\.json is empty\n$/);
    const missing = await run(path.join(folder, "missing.json"));
    expect(missing).toMatchObject({ code: 1, stdout: "0 passed, 1 failed\n" });
    expect(missing.stderr).toMatch(/^cannot read the vector file: ENOENT/);
  });

  it("tells its usage", async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining("usage") as string });
  });
});
