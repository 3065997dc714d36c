import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { colours, demoScreen } from "../../scripts/pictures/screens.js";
import { withoutColours } from "../../scripts/pictures/terminal.js";
import { story } from "../demo/story.js";
import { commandBlocks } from "../support/documents/blocks.js";

const repository = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");

let stdout: string;
beforeAll(async () => {
  const blocks = commandBlocks("README.md", read("README.md"));
  const command = blocks.find(({ text }) => text.includes("demo"))?.text.trim() ?? "";
  const env = { ...process.env, ...colours };
  ({ stdout } = await promisify(execFile)("bash", ["-c", `${command} -- --exit`], { cwd: repository, env }));
}, 300_000);

it("the demo that README.md names tells its story to the end", () => {
  const told = withoutColours(stdout);
  expect(told).toContain(`All ${story.length} steps came out as told.`);
  for (const { title, shows, decision = "" } of story) {
    expect(told).toContain(title);
    expect(told).toContain(shows);
    expect(told).toContain(decision);
  }
});

it("its picture shows what it prints; else draw it anew with npm run pictures", () => {
  expect(demoScreen(stdout)).toBe(read("docs/images/demo.svg"));
});
