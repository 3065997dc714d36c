import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive } from "../controlplane/is-alive.js";
import { openSandbox } from "../controlplane/sandbox.js";

const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "sandbox-test-"));

const pidsIn = (line: string): number[] => line.trim().split(" ").map(Number);

const shell = (script: string): { name: string; command: string; args: string[] } => ({
  name: "shell",
  command: "sh",
  args: ["-c", script],
});

describe("close", () => {
  it("ends every process with its children and removes the folder", async () => {
    const sandbox = await openSandbox(await newFolder());
    const running = sandbox.start(shell("sleep 60 & echo $$ $!; wait"));
    await expect.poll(() => running.log()).toHaveLength(1);
    const pids = pidsIn(running.log().join());
    expect(pids.map(isAlive)).toEqual([true, true]);
    await sandbox.close();
    await sandbox.close();
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
    expect(existsSync(sandbox.folder)).toBe(false);
  });

  it("does not wait for a process that will not end by itself", async () => {
    const sandbox = await openSandbox(await newFolder());
    const stubborn = sandbox.start(shell("trap '' TERM; echo $$; while :; do sleep 60; done"));
    await expect.poll(() => stubborn.log()).toHaveLength(1);
    await sandbox.close();
    expect(stubborn.ending()).toBe("was ended by SIGKILL");
  });
});

describe("a process", () => {
  it("that cannot be started says why", async () => {
    const sandbox = await openSandbox(await newFolder());
    const missing = sandbox.start({ name: "missing", command: "/nonexistent/program", args: [] });
    await missing.ended;
    expect(missing.ending()).toContain("could not be started (spawn /nonexistent/program ENOENT)");
    await sandbox.close();
  });
});

// Only a process that really dies shows what outlives it.
const program = `
import { openSandbox } from ${JSON.stringify(path.join(import.meta.dirname, "../controlplane/sandbox.ts"))};
const sandbox = await openSandbox(process.env.FOLDER);
const running = sandbox.start({ name: "shell", command: "sh", args: ["-c", "sleep 60 & echo $$ $!; wait"] });
while (running.log().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
console.log(running.log()[0]);
if (process.env.ENDING === "throw") throw new Error("uncaught");
if (process.env.ENDING === "exit") process.exit(3);
if (process.env.ENDING !== "return") setInterval(() => {}, 1000);
`;

describe("when the process that opened it dies", () => {
  it.each(["SIGKILL", "SIGINT", "SIGTERM", "throw", "exit", "return"])(
    "by %s, nothing is left behind",
    async (ending) => {
      const folder = await newFolder();
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
        env: { ...process.env, FOLDER: folder, ENDING: ending },
        stdio: ["ignore", "pipe", "ignore"],
      });
      const exited = once(child, "exit");
      const [output] = (await once(child.stdout, "data")) as [Buffer];
      const pids = pidsIn(output.toString());
      expect(pids).toHaveLength(2);
      if (ending.startsWith("SIG")) child.kill(ending as NodeJS.Signals);
      const [, signal] = (await exited) as [number | null, string | null];
      expect(signal).toBe(ending.startsWith("SIG") ? ending : null);
      await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
      await expect.poll(() => existsSync(folder)).toBe(false);
    },
  );
});
