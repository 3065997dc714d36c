import { existsSync } from "node:fs";
import path from "node:path";
import { repository, textOf } from "./pages.js";

/** The text outside of fenced blocks and code, where brackets are no links and `#` begins no heading. */
const prose = (markdown: string): string => markdown.replaceAll(/^( *)```.*?^\1```$/gms, "");
const withoutCode = (markdown: string): string => prose(markdown).replaceAll(/`[^`\n]*`/g, "");

/** The addresses that a page links to, images included. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

/**
 * The anchors that GitHub gives the headings of a page: in small letters, without punctuation, spaces as hyphens, and a
 * number at the end of what was there already.
 */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const plain = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = plain;
    for (let number = 1; anchors.has(anchor); number += 1) anchor = `${plain}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** What is wrong with a link of a page, or undefined. Where it leaves the repository, only its form is looked at. */
export function linkFault(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) {
    return URL.canParse(link) && link.startsWith("https://") ? undefined : `${link} is no https address`;
  }
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(path.join(repository, target))) return `${target} does not exist`;
  if (anchor === undefined) return undefined;
  return anchorsOf(textOf(target)).has(anchor) ? undefined : `${target} has no heading for #${anchor}`;
}
