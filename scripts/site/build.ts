import path from "node:path";
import {
  Application,
  type Context,
  Converter,
  JSX,
  KindRouter,
  OptionDefaults,
  type PageHeading,
  type Reflection,
} from "typedoc";
import { extendMarkdown } from "./markdown.js";
import { groupNames, sitePages } from "./pages.js";

const repository = path.resolve(import.meta.dirname, "../..");

/** Addresses like the paths in the repository: `docs/rules.html` for `docs/rules.md`; the library's are in `api/`. */
class SiteRouter extends KindRouter {
  protected override getIdealBaseName(reflection: Reflection): string {
    return reflection.isDocument()
      ? fileOf(reflection).replace(/\.md$/, "")
      : `api/${super.getIdealBaseName(reflection)}`;
  }
}

/** The file of a page, from the root of the repository. */
const fileOf = (document: Reflection): string =>
  path.posix.relative(repository, document.project.files.getReflectionPath(document) ?? "");

/** The groups that are open when somebody comes for the first time; what they open and close later is kept by the browser. */
const openGroups = groupNames.slice(0, 4);

/** Runs before the navigation is built. Where a page may keep nothing, such as in a private window, groups are closed. */
const openScript = `try {
  for (const group of ${JSON.stringify(openGroups)}) {
    const key = "tsd-accordion-" + group;
    if (localStorage.getItem(key) === null) localStorage.setItem(key, "true");
  }
} catch {}`;

/** What "On This Page" lists: not the page itself, and names such as those of rules, which have no spaces, in one piece. */
function tidyHeadings(headings: PageHeading[]): void {
  if (headings[0]?.level === 1) headings.shift();
  for (const heading of headings) if (!heading.text.includes(" ")) heading.classes = "name";
}

/** How the site is built. */
export interface SiteOptions {
  /** Folder that the pages are written into; what it held before is removed. */
  readonly out: string;
}

/**
 * Builds the site: the pages of `pages.ts`, the README as its home, and the library's API from its doc comments.
 *
 * @throws {Error} when typedoc finds a fault, such as a link in a doc comment that leads nowhere. It has said which, on
 * standard error.
 */
export async function buildSite({ out }: SiteOptions): Promise<void> {
  const pages = new Map(sitePages().map((page) => [page.file, page]));
  const application = await Application.bootstrap({
    options: path.join(repository, "typedoc.json"),
    name: "Cocoon control plane",
    out,
    readme: path.join(repository, "README.md"),
    projectDocuments: [...pages.keys()].map((file) => path.join(repository, file)),
    // The library's modules are a part of the site, below their own heading.
    locales: { en: { kind_plural_module: "Library: the API" } },
    groupOrder: [...groupNames.slice(0, -2), "Library: the API", ...groupNames.slice(-2)],
    navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
    sort: ["kind", "instance-first", "alphabetical-ignoring-documents"],
    router: "site",
    // Anchors as GitHub makes them, so that a link works in both places.
    sluggerConfiguration: { lowercase: true },
    highlightLanguages: [...OptionDefaults.highlightLanguages, "diff"],
    searchInComments: true,
    searchInDocuments: true,
    customCss: path.join(import.meta.dirname, "site.css"),
    hideGenerator: true,
    // Names of images look like addresses, and are none.
    markdownItOptions: { html: true, linkify: false },
    markdownItLoader: extendMarkdown,
  });
  application.renderer.defineRouter("site", SiteRouter);
  application.renderer.hooks.on("body.begin", () =>
    JSX.createElement("script", null, JSX.createElement(JSX.Raw, { html: openScript })),
  );
  // The content is rendered by then, and the list of its headings is not.
  application.renderer.hooks.on("pageSidebar.begin", ({ page }) => {
    if (page.model.isDocument() || page.model.isProject()) tidyHeadings(page.pageHeadings);
    return JSX.createElement(JSX.Fragment, null);
  });
  application.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context: Context | undefined, document) => {
    const page = pages.get(fileOf(document));
    if (page === undefined) throw new Error(`${fileOf(document)} is no page of the site`);
    document.name = page.title;
    if (document.isDocument()) document.frontmatter["group"] = page.group;
  });
  const project = await application.convert();
  if (project === undefined) throw new Error("typedoc could not read the library");
  application.validate(project);
  await application.generateOutputs(project);
  if (application.logger.hasErrors() || application.logger.hasWarnings()) {
    throw new Error("the site has faults, which are named above");
  }
}
