import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scripts } from "../../packages/program/src/command-line/index.js";
import { commandsIn } from "../support/commands-in.js";
import { completionsIn, prepareShells, shells } from "../support/shells.js";
import { runExecutable } from "../support/webhook-process.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-completion-"));
  await prepareShells(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(shells)("completion in %s", (shell) => {
  it.for<[string, readonly string[]]>([
    ["che", ["check"]],
    ["check --s", ["--strict"]],
    ["check -o j", ["json", "junit"]],
    ["check --output=j", ["json", "junit"]],
    ["explain s", ["scale-down", "schema", "second-hibernation", "stray-pod"]],
    ["serve --log-level ", ["debug", "error", "fatal", "info", "trace", "warn"]],
    ["check dep", ["deploy one.yaml"]],
    ["check --old man", ["manifests"]],
    ["check --old=man", ["manifests"]],
    ["check none", []],
    // Where no file can stand, none is offered.
    ["rules man", []],
    ["explain man", []],
  ])("knows what comes behind 'cocoon-webhook %s'", async ([line, expected], { skip }) => {
    const words = await completionsIn(shell, `cocoon-webhook ${line}`, folder);
    // bash is on every machine that these tests are for.
    if (words === undefined && shell !== "bash") skip(`${shell} is not installed`);
    expect(words).toEqual(expected);
  });

  it("knows every command that --help lists", async ({ skip }) => {
    const commands = commandsIn((await runExecutable(["--help"])).stdout);
    const words = await completionsIn(shell, "cocoon-webhook help ", folder);
    if (words === undefined && shell !== "bash") skip(`${shell} is not installed`);
    expect(words).toEqual(commands.sort());
  });
});

describe("cocoon-webhook completion", () => {
  it("has a script for each shell, and says which there are", async () => {
    expect(shells).toEqual(Object.keys(scripts));
    const printed = await Promise.all(shells.map((shell) => runExecutable(["completion", shell])));
    for (const { code, stdout } of printed) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/completion of cocoon-webhook/);
    }
    expect(await runExecutable(["completion", "csh"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("only for bash, zsh, fish; did you mean zsh?") as string,
    });
  });

  it("is not listed with what only its scripts call", async () => {
    expect((await runExecutable(["--help"])).stdout).not.toContain("__complete");
  });
});
