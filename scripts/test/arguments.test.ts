import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readTestArguments, type TestArguments } from "./arguments.js";

const read = (args: readonly string[], filtersOnly = false): TestArguments =>
  readTestArguments(args, {}, { filtersOnly });

describe("the arguments of the test scripts", () => {
  it("are a version, and what is left for Vitest", () => {
    const rest = ["pods", "-t", "refuses"];
    expect(read(["pods", "--kubernetes", "1.33", "-t", "refuses"])).toEqual({
      kind: "run",
      kubernetes: "1.33",
      rest,
    });
    expect(read(rest)).toEqual({ kind: "run", kubernetes: undefined, rest });
  });

  it.each(["--help", "-h"])("%s asks for help, whatever else there is", (help) => {
    expect(read(["--kubernetes", "0.1", help])).toEqual({ kind: "help" });
  });

  it("are refused when there is no such version", () => {
    expect(read(["--kubernetes", "1.32"])).toEqual({
      kind: "refused",
      message: expect.stringContaining("--kubernetes 1.32") as string,
    });
  });

  it("may be filters only, and then a misspelt option is not taken for one", () => {
    expect(read(["pods", "--kubernetes=1.33"], true)).toMatchObject({ kind: "run", rest: ["pods"] });
    expect(read(["pods", "--kubernets", "1.33", "-t"], true)).toEqual({
      kind: "refused",
      message: "unknown option --kubernets -t; --help shows what there is",
    });
  });
});

describe.each(["test.ts", "test-e2e.ts"])("scripts/%s", (script) => {
  const run = (...args: string[]): Promise<{ readonly stdout: string }> =>
    promisify(execFile)(process.execPath, [
      "--import",
      "tsx",
      path.resolve(import.meta.dirname, "..", script),
      ...args,
    ]);

  it("ends with code 2 when there is no such version, before any test is run", async () => {
    await expect(run("--kubernetes", "1.32")).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^--kubernetes 1\.32 .*supported are .*\n$/) as string,
    });
  });

  it("has a --help", async () => {
    expect((await run("--help")).stdout).toMatch(/^usage: .*--kubernetes VERSION/);
  });
});
