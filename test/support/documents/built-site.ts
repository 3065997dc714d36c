import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { inflateSync } from "node:zlib";

/** A page of the site as it was built. */
export interface BuiltPage {
  /** Path from the root of the site, with `/`. */
  readonly file: string;
  readonly html: string;
}

/** A node of the navigation, as the pages load it. */
interface NavigationNode {
  readonly text: string;
  readonly path?: string;
  readonly children?: readonly NavigationNode[];
}

/** A site on the disk, as a browser would see it. */
export class BuiltSite {
  readonly pages: readonly BuiltPage[];
  readonly #folder: string;
  readonly #anchors = new Map<string, ReadonlySet<string>>();

  constructor(folder: string) {
    this.#folder = folder;
    this.pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".html"))
      .map((file) => ({ file, html: this.read(file) }));
  }

  /** The text of a file of the site. */
  read(file: string): string {
    return readFileSync(path.join(this.#folder, file), "utf8");
  }

  /** What is wrong with an address on a page, or undefined. */
  faultOf({ file }: BuiltPage, address: string): string | undefined {
    if (/^[a-z]+:/.test(address)) {
      return URL.canParse(address) && address.startsWith("https://") ? undefined : `${address} is no https`;
    }
    const [relative = "", anchor = ""] = address.split("#");
    const target = relative === "" ? file : path.posix.join(path.posix.dirname(file), decodeURI(relative));
    if (!existsSync(path.join(this.#folder, target))) return `${target} does not exist`;
    return anchor === "" || this.#anchorsOf(target).has(decodeURIComponent(anchor))
      ? undefined
      : `${target} has no #${anchor}`;
  }

  #anchorsOf(file: string): ReadonlySet<string> {
    const known = this.#anchors.get(file);
    if (known !== undefined) return known;
    const found = new Set([...this.read(file).matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id));
    this.#anchors.set(file, found);
    return found;
  }

  /** Every node of the navigation, groups included. */
  navigation(): readonly NavigationNode[] {
    const withChildren = (node: NavigationNode): readonly NavigationNode[] => [
      node,
      ...(node.children ?? []).flatMap(withChildren),
    ];
    return (this.#data("assets/navigation.js") as readonly NavigationNode[]).flatMap(withChildren);
  }

  /** The names of what the search finds by a word, without a server. */
  found(word: string): readonly string[] {
    const { rows, index } = this.#data("assets/search.js") as {
      readonly rows: readonly { readonly name: string }[];
      readonly index: { readonly invertedIndex: readonly (readonly [string, Record<string, object>])[] };
    };
    const [, fields] = index.invertedIndex.find(([term]) => term === word) ?? [word, {}];
    const numbers = Object.values(fields).flatMap((field) =>
      typeof field === "object" ? Object.keys(field) : [],
    );
    return [...new Set(numbers)].map((number) => rows[Number(number)]?.name ?? "");
  }

  /** What a script of the site assigns, which is packed: it comes by a `<script>`, as a page from the disk may fetch nothing. */
  #data(file: string): unknown {
    const packed = /= "([^"]+)"/.exec(this.read(file))?.[1] ?? "";
    return JSON.parse(inflateSync(Buffer.from(packed, "base64")).toString());
  }
}

/** The addresses that a page links to or loads. */
export const addressesOf = ({ html }: BuiltPage): readonly string[] =>
  [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, address = ""]) => address.replaceAll("&amp;", "&"));
