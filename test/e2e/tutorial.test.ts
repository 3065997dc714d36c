import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureRegistry } from "../registry/ensure-registry.js";
import { type CommandBlock, commandBlocks } from "../support/documents/blocks.js";
import { comparable, shownCommands } from "../support/documents/session.js";
import { runInShell } from "../support/documents/shell.js";
import { ForegroundCommand } from "../support/foreground-command.js";

// What docs/tutorial.md and docs/cocoonsets.md show is what their commands print: they are run in order, on the demo that the
// tutorial has people start.
const repository = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");
const tutorial = read("docs/tutorial.md");
const blocks = commandBlocks("docs/tutorial.md", tutorial);
const laterBlocks = commandBlocks("docs/cocoonsets.md", read("docs/cocoonsets.md"));
const textsIn = (language: string): string[] =>
  [...tutorial.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);

const registry = await ensureRegistry();
if (!registry.available) console.warn(`skipped: ${registry.reason}; ${registry.wayOut}`);

describe.skipIf(!registry.available)("the tutorial", () => {
  let demo: ForegroundCommand;
  /** What the demo has printed once it waits. */
  let told: string;
  beforeAll(async () => {
    const command =
      blocks
        .find(({ language }) => language === "sh")
        ?.text.trim()
        .split("\n")
        .at(-1) ?? "";
    const sign = /Ctrl-C ends everything.*\n/;
    demo = await ForegroundCommand.until(sign, command, { cwd: repository }, 280_000);
    told = demo.output;
    return () => demo.end();
  }, 300_000);

  it("shows what the demo says at its end", () => {
    const withoutPlaces = (text: string): string =>
      text.replaceAll(/:\d{4,5}\b/g, ":PORT").replaceAll(/=\/\S+/g, "=/PATH");
    const [shown = "nothing"] = textsIn("text");
    expect(withoutPlaces(told)).toContain(withoutPlaces(shown));
  });

  it("shows manifests of examples/ as they are", () => {
    const folder = path.join(repository, "examples");
    const examples = readdirSync(folder)
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => readFileSync(path.join(folder, file), "utf8"));
    const shown = textsIn("yaml");
    expect(shown).not.toEqual([]);
    expect(shown.filter((manifest) => !examples.some((example) => example.endsWith(manifest)))).toEqual([]);
  });

  it("shows what its commands print, in their order", { timeout: 300_000 }, async () => {
    await expectToPrintWhatIsShown(blocks);
  });

  it("shows so on the page about CocoonSets, after it", { timeout: 300_000 }, async () => {
    await expectToPrintWhatIsShown(laterBlocks);
  });

  it("leaves nothing behind once Ctrl-C has ended the demo, which says so", { timeout: 60_000 }, async () => {
    const [, folder = ""] = /KUBECONFIG=(\S+)\/admin.kubeconfig/.exec(told) ?? [];
    expect(existsSync(folder)).toBe(true);
    await demo.end();
    const since = demo.output.slice(told.length);
    expect(since).toContain(
      "Ending everything that was started…\nIt has ended, and its files are removed.\n",
    );
    expect(existsSync(folder)).toBe(false);
    const [, port = ""] = /REGISTRY=http:\/\/127\.0\.0\.1:(\d+)/.exec(told) ?? [];
    await expect(fetch(`http://127.0.0.1:${port}/v2/`)).rejects.toThrow();
  });

  /** As the page says: the lines that the demo printed, pasted into another terminal, and then each command. */
  async function expectToPrintWhatIsShown(session: readonly CommandBlock[]): Promise<void> {
    const shown = session
      .filter(({ language }) => language === "console")
      .flatMap(({ line, text }) => shownCommands(text).map((step) => ({ line, ...step })));
    expect(shown.length).toBeGreaterThan(10);
    const exports = [...told.matchAll(/^ +(export .+)$/gm)].map(([, line = ""]) => line).join("\n");
    const printed: typeof shown = [];
    for (const { line, command } of shown) {
      const { output } = await runInShell(`${exports}\n${command}`, { cwd: repository });
      printed.push({ line, command, output: comparable(output) });
    }
    expect(printed).toEqual(shown.map((step) => ({ ...step, output: comparable(step.output) })));
  }
});
