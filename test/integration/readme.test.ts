import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { pages, repository, textOf } from "../support/documents/pages.js";

describe("the documentation", () => {
  it.each(pages)("%s names scripts that exist", (page) => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = [...textOf(page).matchAll(/\bnpm run ([a-z][\w-]*(?::[\w-]+)*)/g)].map(
      ([, name]) => name ?? "",
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

// In README.md.
describe("npm start", () => {
  it("prints a command that shows a refusal, and ends at Ctrl-C", { timeout: 60_000 }, async () => {
    // A group of its own, because Ctrl-C reaches every process of a terminal's foreground group.
    const npm = spawn("npm", ["start"], {
      cwd: repository,
      detached: true,
      env: { ...process.env, LISTEN_ADDR: "127.0.0.1:0", METRICS_ADDR: "127.0.0.1:0" },
    });
    const exit = new Promise((resolve) => npm.once("exit", resolve));
    const command = await new Promise<string>((resolve, reject) => {
      let output = "";
      const onData = (chunk: Buffer): void => {
        output += chunk.toString();
        const line = /^ {4}(curl .*)\n/m.exec(output)?.[1];
        if (line !== undefined) resolve(line);
      };
      npm.stdout.on("data", onData);
      npm.stderr.on("data", onData);
      npm.once("exit", () => {
        reject(new Error(`npm start ended: ${output}`));
      });
    });
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    expect(JSON.parse(stdout)).toMatchObject({ response: { allowed: false, status: { code: 403 } } });
    if (npm.pid !== undefined) process.kill(-npm.pid, "SIGINT");
    await exit;
  });
});
