import { describe, expect, it } from "vitest";
import { anchorsOf, linkFault, linksOf } from "./links.js";

describe("linksOf", () => {
  it("finds links and images, and nothing in code", () => {
    const page =
      "[a](x.md#y) and ![b](c.svg)\n`[d](e.md)`\n\n```md\n[f](g.md)\n```\n  ```sh\n[h](i.md)\n  ```\n";
    expect(linksOf(page)).toEqual(["x.md#y", "c.svg"]);
  });
});

describe("anchorsOf", () => {
  it("names headings as GitHub does", () => {
    const page = "# `a` b: C, d_e!\n## [Link](x.md) here\n## Twice\n## Twice\n```sh\n# no heading\n```\n";
    expect([...anchorsOf(page)]).toEqual(["a-b-c-d_e", "link-here", "twice", "twice-1"]);
  });
});

describe("linkFault", () => {
  it.each([
    ["configuration.md#exit-codes", undefined],
    ["../README.md", undefined],
    ["#readiness", undefined],
    ["https://example.com/a#b", undefined],
    ["none.md", "docs/none.md does not exist"],
    ["configuration.md#none", "docs/configuration.md has no heading for #none"],
    ["#none", "docs/protocol.md has no heading for #none"],
    ["http://example.com", "http://example.com is no https address"],
    ["https://", "https:// is no https address"],
  ])("of %s from docs/protocol.md is %s", (link, fault) => {
    expect(linkFault("docs/protocol.md", link)).toBe(fault);
  });
});
