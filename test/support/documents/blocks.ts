/** How a block is proved to work, as the comment above it says. */
export type Proof =
  /** Run as it stands, in a scratch folder of links to the repository, without a cluster. */
  | { readonly kind: "here" }
  /** Run against a real API server. */
  | { readonly kind: "control-plane" }
  /** Run by the test that is named. */
  | { readonly kind: "test"; readonly file: string }
  /** Not run, because… */
  | { readonly kind: "none"; readonly reason: string };

/** A fenced block of a Markdown page that holds commands. */
export interface CommandBlock {
  /** Path from the root of the repository. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** `sh`: commands alone; `console`: commands after `$ `, and what they print. */
  readonly language: "sh" | "console";
  readonly text: string;
  readonly proof: Proof;
}

const fence = /^( *)```(\w*) *$/;
const comment = /^ *<!-- (run|not run): (.+) -->$/;

/**
 * The blocks of commands in a page, with the comment that says how each is proved: `<!-- run: control plane -->`,
 * `<!-- run: test/e2e/demo.test.ts -->` or `<!-- not run: WHY -->` right above it, or in the first line of the page for all
 * its blocks. A block without is run as it stands.
 *
 * @example
 * ```ts
 * commandBlocks("README.md", "```sh\nnpm start\n```\n"); // [{ line: 1, text: "npm start\n", proof: { kind: "here" }, … }]
 * ```
 * @throws {Error} when a block is not closed, because it would swallow the rest of the page.
 */
export function commandBlocks(page: string, markdown: string): readonly CommandBlock[] {
  const lines = markdown.split("\n");
  const ofPage = proofIn(lines[0] ?? "");
  return fencesOf(page, lines).flatMap(({ at, language, text }) => {
    if (language !== "sh" && language !== "console") return [];
    const proof = proofAbove(lines, at) ?? ofPage ?? { kind: "here" };
    return [{ page, line: at + 1, language, text, proof }];
  });
}

/** A fenced block of any language. */
interface Fence {
  /** Index of the line that opens it. */
  readonly at: number;
  readonly language: string;
  readonly text: string;
}

function fencesOf(page: string, lines: readonly string[]): readonly Fence[] {
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const match = fence.exec(lines[at] ?? "");
    if (match === null) continue;
    const [, indent = "", language = ""] = match;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end === -1) throw new Error(`${page}:${at + 1}: the block is not closed`);
    const text = lines.slice(at + 1, end).map((line) => `${line.slice(indent.length)}\n`);
    fences.push({ at, language, text: text.join("") });
    at = end;
  }
  return fences;
}

/** Prettier keeps an empty line between a comment and what follows. */
const proofAbove = (lines: readonly string[], at: number): Proof | undefined =>
  proofIn(lines[at - 1] === "" ? (lines[at - 2] ?? "") : (lines[at - 1] ?? ""));

function proofIn(line: string): Proof | undefined {
  const [, verb, what = ""] = comment.exec(line) ?? [];
  if (verb === undefined) return undefined;
  if (verb === "not run") return { kind: "none", reason: what };
  return what === "control plane" ? { kind: "control-plane" } : { kind: "test", file: what };
}
