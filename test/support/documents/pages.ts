import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type CommandBlock, commandBlocks } from "./blocks.js";

/** Path of the root of the repository. */
export const repository = path.resolve(import.meta.dirname, "../../..");

const markdownIn = (folder: string): string[] =>
  readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `${folder}/${file}`);

/** Every page of the documentation, by its path from the root of the repository. */
export const pages: readonly string[] = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
  ...["config/README.md", "examples/README.md"],
  ...["common", "machinery", "node", "operator", "program", "registry", "webhook"].map(
    (name) => `packages/${name}/README.md`,
  ),
  ...["test/controlplane/README.md", "test/registry/README.md"],
  ...markdownIn("docs").sort(),
];

/** What a page says. */
export const textOf = (page: string): string => readFileSync(path.join(repository, page), "utf8");

/** The blocks of commands in all pages. */
export const allBlocks = (): readonly CommandBlock[] =>
  pages.flatMap((page) => commandBlocks(page, textOf(page)));
