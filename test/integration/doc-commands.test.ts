import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CommandBlock, Proof } from "../support/documents/blocks.js";
import { allBlocks, repository } from "../support/documents/pages.js";
import { scratch } from "../support/documents/scratch.js";
import { comparable, shownCommands } from "../support/documents/session.js";
import { runInShell } from "../support/documents/shell.js";

// Every block of commands is run here, by a test that it names, or says why it cannot be: see CONTRIBUTING.md. Those for a
// cluster are run by test/e2e/doc-commands.test.ts.
const blocks = allBlocks();
const place = scratch();
afterAll(() => {
  place[Symbol.dispose]();
});

type Proved<K extends Proof["kind"]> = CommandBlock & { readonly proof: Extract<Proof, { kind: K }> };
const provedBy = <K extends Proof["kind"]>(kind: K): (Proved<K> & { readonly at: string })[] =>
  blocks
    .filter((block): block is Proved<K> => block.proof.kind === kind)
    .map((block) => ({ ...block, at: `${block.page}:${block.line}` }));

describe("commands of the documentation", () => {
  it.each(provedBy("here"))("$at runs", { timeout: 120_000 }, async ({ language, text }) => {
    const options = { cwd: place.folder };
    if (language === "sh") {
      expect(await runInShell(text, options)).toMatchObject({ code: 0 });
      return;
    }
    for (const { command, output } of shownCommands(text)) {
      expect(comparable((await runInShell(command, options)).output)).toBe(comparable(output));
    }
  });

  it.each(provedBy("test"))(
    "$at is run by a test that reads it from its page",
    ({ page, proof: { file } }) => {
      expect(existsSync(path.join(repository, file)), file).toBe(true);
      expect(readFileSync(path.join(repository, file), "utf8")).toContain(`commandBlocks("${page}"`);
    },
  );

  it.each(provedBy("none"))("$at says why it is not run", ({ proof: { reason } }) => {
    expect(reason.split(" ").length).toBeGreaterThan(3);
  });
});
