// Makes the executable of a package: one file, so that it starts fast and an image needs nothing else. What is imported only
// when it is needed (the Kubernetes client, the certificate maker, the CLI's lesser commands) becomes a chunk of its own.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "../..");

const versionOf = (folder) => JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).version;

/** The commit that is built: what COCOON_COMMIT says, else git; `unknown` in a source tree without either. */
function commit() {
  const { COCOON_COMMIT: given = "" } = process.env;
  if (given !== "") return given;
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}

const require = createRequire(path.join(root, "packages/common/package.json"));

/**
 * Connections need no more of undici than its pool, or for many servers its agent. The rest (fetch, WebSockets, caches) is most of
 * it, and would take longer to load than the webhook itself.
 */
const undiciPoolsAlone = {
  name: "undici-pools-alone",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "pools-alone" }));
    // So that a program gets only the one that it uses.
    onResolve({ filter: /^undici\/lib\/dispatcher\/(agent|pool)\.js$/ }, ({ path: module }) => ({
      path: require.resolve(module),
      sideEffects: false,
    }));
    onLoad({ filter: /^undici$/, namespace: "pools-alone" }, () => ({
      // As undici's own index does it: a pool learns to send requests from outside.
      contents: `
        import api from "undici/lib/api/index.js";
        import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
        export { default as Agent } from "undici/lib/dispatcher/agent.js";
        export { default as Pool } from "undici/lib/dispatcher/pool.js";
        Object.assign(Dispatcher.prototype, api);`,
      resolveDir: path.join(root, "packages/common"),
    }));
  },
};

/**
 * Bundles `src/cli/main.ts` of a package into `dist/NAME.js`.
 *
 * @param {{ readonly folder: string, readonly name: string }} program The package's folder, and what people call the executable.
 */
export async function bundle({ folder, name }) {
  const dist = path.join(folder, "dist");
  const facts = {
    version: versionOf(folder),
    commit: commit(),
    contract: versionOf(path.join(root, "packages/common")),
  };
  const { outputFiles, metafile } = await build({
    entryPoints: { [name]: path.join(folder, "src/cli/main.ts") },
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    // ES modules where a package has them: only of those can esbuild leave out what nobody uses.
    mainFields: ["module", "main"],
    target: "node20.19",
    format: "esm",
    tsconfig: path.join(root, "tsconfig.json"),
    banner: {
      // CommonJS packages in the bundle ask for `require`, which an ES module does not have.
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    define: { __BUILD_INFO__: JSON.stringify(facts) },
    // Half of what a start takes is the compiler's, and much of that goes by length. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [undiciPoolsAlone],
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    write: false,
    absWorkingDir: root,
  });
  const reachable = reachableFrom(metafile, path.relative(root, path.join(dist, `${name}.js`)));
  const files = new Map(
    outputFiles
      .filter(({ path: file }) => reachable.includes(path.relative(root, file)))
      .map(({ path: file, text }) => [path.relative(dist, file), text]),
  );
  files.set("THIRD_PARTY_LICENSES.txt", licences(metafile, reachable));
  if (!isUpToDate(dist, files)) replace(dist, files);
}

/** What the executable can load. esbuild also makes a chunk for each `import()` in code that nobody calls. */
function reachableFrom(metafile, entry) {
  const found = new Set([entry]);
  for (const output of found) {
    for (const { path: imported, external } of metafile.outputs[output].imports) {
      if (external !== true) found.add(imported);
    }
  }
  return [...found];
}

/** The licences of the packages in the bundle, which ask to go with it. */
function licences(metafile, reachable) {
  const inputs = reachable.flatMap((output) => Object.keys(metafile.outputs[output].inputs));
  const packages = new Set(
    inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []),
  );
  const texts = [...packages].sort().map((name) => {
    const place = path.resolve(root, name);
    const {
      name: title,
      version: release,
      license,
    } = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8"));
    const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? "" : readFileSync(path.join(place, file), "utf8").trim();
    return `${title} ${release} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** Whether the last build gave just these files. A rebuild of the same leaves them alone: somebody may be running them. */
function isUpToDate(dist, files) {
  if (!existsSync(dist)) return false;
  const present = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return (
    present.length === files.size &&
    [...files].every(([name, text]) => {
      const file = path.join(dist, name);
      return existsSync(file) && readFileSync(file, "utf8") === text;
    })
  );
}

/** Written beside and swapped in whole: an interrupted build leaves the last one in place. */
function replace(dist, files) {
  const fresh = `${dist}.${process.pid}`;
  for (const [name, text] of files) {
    mkdirSync(path.dirname(path.join(fresh, name)), { recursive: true });
    writeFileSync(path.join(fresh, name), text);
  }
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}
