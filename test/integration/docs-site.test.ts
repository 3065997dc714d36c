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

  it("copies of a session the commands alone, in full", () => {
    const { html = "" } = site.pages.find(({ file }) => file === "docs/tutorial.html") ?? {};
    const copied = [...html.matchAll(/<\/code><span hidden>([^<]*)<\/span><button/g)].map(
      ([, text = ""]) => text,
    );
    expect(copied).toContain("kubectl scale deployment/agents --replicas=1");
    expect(copied).toContainEqual(
      expect.stringMatching(
        /^kubectl apply -f - &lt;&lt;'EOF'\napiVersion: [^]*\nEOF\nkubectl wait [^\n]*\nkubectl get cocoonhibernations\ncurl [^\n]*$/,
      ),
    );
    const sessions = html.split('<code class="console">').slice(1);
    expect(sessions.map((rest) => /<\/code>(.*?)[>"]/.exec(rest)?.[1])).toEqual(
      sessions.map(() => "<span hidden"),
    );
  });

  it("breaks no flag of a command in two", () => {
    const { html = "" } = site.pages.find(({ file }) => file === "docs/tutorial.html") ?? {};
    expect(html).toContain('<span class="name">--current</span>');
    expect(html).toContain('<span class="name">examples/cocoonset-invalid.yaml</span>');
  });

  it("lists on each page what is on it, and not the page itself", () => {
    for (const file of ["index.html", "docs/rule-list.html", "docs/adr/0004-one-decision.html"]) {
      const { html = "" } = site.pages.find((page) => page.file === file) ?? {};
      const listed = html.slice(html.indexOf("tsd-page-navigation"));
      const title = /<h1 id="([^"]+)"/.exec(html)?.[1] ?? "";
      expect(title).not.toBe("");
      expect(listed).not.toContain(`href="#${title}"`);
    }
  });

  it("keeps the names of rules in one piece, and tells a phone the name of each column", () => {
    const { html = "" } = site.pages.find(({ file }) => file === "docs/rule-list.html") ?? {};
    expect(html).toContain('<a href="#stray-pod" class="name">');
    expect(html).toContain(
      '<td data-column="rule"><a href="#stray-pod"><code class="name">stray-pod</code></a></td>',
    );
    expect(html).toContain('<td data-column="severity">error</td>');
  });

  it("finds pages and exports by words of their text, without a server", () => {
    expect(site.found("nosuchword")).toEqual([]);
    expect(site.found("toleration")).toEqual(
      expect.arrayContaining(["What is refused", "Tutorial", "tolerationKey"]),
    );
  });
});
