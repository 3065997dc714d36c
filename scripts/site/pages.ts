import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const repository = path.resolve(import.meta.dirname, "../..");

/** A Markdown file as a page of the site. */
export interface SitePage {
  /** Path from the root of the repository, with `/`. */
  readonly file: string;
  /** What the navigation calls it: its first heading, or a shorter name. */
  readonly title: string;
  /** The heading of the navigation that it stands under. */
  readonly group: string;
}

/** The pages by group, in the order of the navigation. A file of `docs/` that is missing here ends the build. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "Get started": ["docs/tutorial.md", "docs/installation.md", "docs/dev.md", "examples/README.md"],
  "What it does": [
    "docs/cocoonsets.md",
    "docs/rules.md",
    "docs/check.md",
    "docs/rule-list.md",
    "docs/admission-policies.md",
    "docs/threat-model.md",
    "docs/security-review.md",
  ],
  "Run it": [
    "docs/configuration.md",
    "docs/operations.md",
    "docs/operator.md",
    "docs/operator-registry.md",
    "docs/takeover.md",
    "docs/troubleshooting.md",
    "docs/performance.md",
    "docs/reliability.md",
    "config/README.md",
  ],
  Reference: ["docs/protocol.md", "docs/reasons.md", "packages/webhook/README.md"],
  Library: ["packages/common/README.md", "docs/migration.md"],
  "This repository": [
    "docs/architecture.md",
    "docs/operator-design.md",
    "docs/node.md",
    "packages/operator/README.md",
    "packages/node/README.md",
    "packages/machinery/README.md",
    "packages/registry/README.md",
    "packages/program/README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "test/controlplane/README.md",
    "test/registry/README.md",
  ],
  Decisions: filesIn("docs/adr"),
};

/** Headings that are too long for the navigation, or that say too little there. */
const shorter: Readonly<Record<string, string>> = {
  "config/README.md": "The folder config/",
  "docs/admission-policies.md": "Admission policies",
  "docs/adr/README.md": "All decisions",
  "docs/cocoonsets.md": "CocoonSets",
  "docs/migration.md": "Migration from Go",
  "docs/tutorial.md": "Tutorial",
  "packages/common/README.md": "@cocoonstack/common",
  "packages/machinery/README.md": "@cocoonstack/machinery",
  "packages/node/README.md": "@cocoonstack/node",
  "packages/operator/README.md": "@cocoonstack/operator",
  "packages/registry/README.md": "@cocoonstack/registry",
  "packages/program/README.md": "@cocoonstack/program",
  "packages/webhook/README.md": "@cocoonstack/webhook",
  "test/controlplane/README.md": "A control plane for tests",
  "test/registry/README.md": "A registry for tests",
};

/**
 * Every page of the site but the home page, in the order of the navigation.
 *
 * @throws {Error} when a page of `docs/` belongs to no group, because nobody would find it, or a page has no heading.
 */
export function sitePages(): readonly SitePage[] {
  const pages = Object.entries(groups).flatMap(([group, files]) =>
    files.map((file) => ({ file, group, title: shorter[file] ?? firstHeading(file) })),
  );
  const known = new Set(pages.map(({ file }) => file));
  const lost = filesIn("docs").filter((file) => !known.has(file));
  if (lost.length > 0) throw new Error(`${lost.join(", ")}: add it to a group in scripts/site/pages.ts`);
  return pages;
}

/** The groups, in the order of the navigation. */
export const groupNames: readonly string[] = Object.keys(groups);

function filesIn(folder: string): string[] {
  return readdirSync(path.join(repository, folder))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function firstHeading(file: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(path.join(repository, file), "utf8"))?.[1];
  if (heading === undefined) throw new Error(`${file} has no heading: begin it with '# TITLE'`);
  return heading.replaceAll("`", "");
}
