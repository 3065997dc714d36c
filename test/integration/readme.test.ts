import { describe, expect, it } from "vitest";
import { commandBlocks } from "../support/documents/blocks.js";
import { pages, repository, textOf } from "../support/documents/pages.js";
import { runInShell } from "../support/documents/shell.js";
import { ForegroundCommand } from "../support/foreground-command.js";

describe("the documentation", () => {
  it.each(pages)("%s names scripts that exist", (page) => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = [...textOf(page).matchAll(/\bnpm run ([a-z][\w-]*(?::[\w-]+)*)/g)].map(
      ([, name]) => name ?? "",
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe("the first command of README.md", () => {
  it("prints a command that shows a refusal, and ends at Ctrl-C", { timeout: 120_000 }, async () => {
    const shown = commandBlocks("README.md", textOf("README.md")).find(
      ({ proof }) => proof.kind === "test" && proof.file === "test/integration/readme.test.ts",
    );
    const install = "npm ci && ";
    expect(shown?.text.startsWith(install)).toBe(true);
    // Without the installation, which would take this test's own modules away under it.
    const command = shown?.text.trim().slice(install.length) ?? "";
    const env = { LISTEN_ADDR: "127.0.0.1:0", METRICS_ADDR: "127.0.0.1:0" };
    const pasted = /^ {4}(curl .*)\n/m;
    const started = await ForegroundCommand.until(pasted, command, { cwd: repository, env }, 90_000);
    try {
      const { output } = await runInShell(pasted.exec(started.output)?.[1] ?? "", { cwd: repository });
      const review = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
      expect(JSON.parse(review)).toMatchObject({ response: { allowed: false, status: { code: 403 } } });
    } finally {
      await started.end();
    }
  });
});
