import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "../../scripts/site/build.js";
import { sitePages } from "../../scripts/site/pages.js";
import { addressesOf, BuiltSite } from "../support/documents/built-site.js";

let site: BuiltSite;
beforeAll(async () => {
  const out = mkdtempSync(path.join(tmpdir(), "site-"));
  await buildSite({ out });
  site = new BuiltSite(out);
  return () => {
    rmSync(out, { recursive: true });
  };
}, 240_000);

describe("the site", () => {
  it("has the documentation, the library's API, and nothing that leads nowhere", () => {
    const files = site.pages.map(({ file }) => file);
    expect(files).toContain("index.html");
    expect(files).toContain("api/modules/k8s.html");
    for (const { file } of sitePages()) expect(files).toContain(file.replace(/\.md$/, ".html"));

    const faults = site.pages.flatMap((page) =>
      addressesOf(page).map((address) => {
        const fault = site.faultOf(page, address);
        return fault === undefined ? [] : [`${page.file}: ${fault}`];
      }),
    );
    expect(faults.flat()).toEqual([]);
  });

  it("loads nothing from elsewhere, so that it works offline and tells nobody who reads it", () => {
    for (const { html } of site.pages) {
      expect([...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?:https?:)?\/\//g)]).toEqual(
        [],
      );
    }
    for (const file of ["style", "custom", "highlight"]) {
      expect(site.read(`assets/${file}.css`)).not.toMatch(/url\(["']?(?:https?:)?\/\/|@import/);
    }
  });

  it("is linked by relative addresses alone, so that it may lie anywhere", () => {
    for (const page of site.pages) {
      expect(addressesOf(page).filter((address) => address.startsWith("/"))).toEqual([]);
    }
  });

  it("has every page in the navigation, below the heading of its group", () => {
    const navigation = site.navigation();
    for (const { file, title, group } of sitePages()) {
      const heading = navigation.find(({ text, children }) => text === group && children !== undefined);
      expect(heading?.children).toContainEqual(
        expect.objectContaining({ text: title, path: file.replace(/\.md$/, ".html") }),
      );
    }
  });

  it("finds pages and exports by words of their text, without a server", () => {
    expect(site.found("nosuchword")).toEqual([]);
    expect(site.found("toleration")).toEqual(expect.arrayContaining(["Rules", "Tutorial", "tolerationKey"]));
  });
});
