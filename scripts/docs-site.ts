// `npm run docs:site`: the documentation as static pages in site/, which a browser opens from the disk as well.
import path from "node:path";
import { buildSite } from "./site/build.js";

const out = path.resolve(import.meta.dirname, "../site");
await buildSite({ out });
console.log(`open ${path.relative(process.cwd(), path.join(out, "index.html"))}`);
