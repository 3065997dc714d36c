import { describe, expect, it } from "vitest";
import { linkFault, linksOf } from "../support/documents/links.js";
import { pages, textOf } from "../support/documents/pages.js";

describe("links of the documentation", () => {
  it.each(pages)("%s leads to files and headings that exist", (page) => {
    const faults = linksOf(textOf(page)).map((link) => linkFault(page, link));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it.each(pages)("%s says in words what its pictures show", (page) => {
    const pictures = [...textOf(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
    const wordless = pictures.filter(([, alt = ""]) => alt.split(" ").length < 4);
    expect(wordless.map(([, , file]) => file)).toEqual([]);
  });
});
