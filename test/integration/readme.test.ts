import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const repository = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...["config", "examples", "test/controlplane"].map((folder) => `${folder}/README.md`),
  ...readdirSync(path.join(repository, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

describe("the documentation", () => {
  it.each(documents)("%s names scripts and files that exist", (document) => {
    const text = read(document);
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name]) => name ?? "");
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);

    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? "");
    const folder = path.dirname(path.join(repository, document));
    expect(links.filter((target) => !existsSync(path.resolve(folder, target)))).toEqual([]);
  });
});

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
