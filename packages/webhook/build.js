// Bundles the executable: one file, so that it starts fast and an image needs nothing else. What is imported only when it
// is needed (the Kubernetes client, the certificate maker, the CLI's lesser commands) becomes a chunk of its own.
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const folder = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));

/** The commit that is built; `unknown` in a source tree without git. */
function commit() {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}

// Built beside and swapped in whole: an interrupted build leaves the last one in place.
const outdir = path.join(folder, `dist.${process.pid}`);
const dist = path.join(folder, "dist");
await build({
  entryPoints: { "cocoon-webhook": path.join(folder, "src/cli/main.ts") },
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  platform: "node",
  // ES modules where a package has them: only of those can esbuild leave out what nobody uses.
  mainFields: ["module", "main"],
  target: "node20.19",
  format: "esm",
  tsconfig: path.join(folder, "../../tsconfig.json"),
  banner: {
    // CommonJS packages in the bundle ask for `require`, which an ES module does not have.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  define: { __BUILD_INFO__: JSON.stringify({ version, commit: commit() }) },
  legalComments: "none",
  logLevel: "warning",
});
rmSync(dist, { recursive: true, force: true });
renameSync(outdir, dist);
