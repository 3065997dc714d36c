import { cp, readFile } from "node:fs/promises";
import path from "node:path";

/** Copies what `docker build` would send of a folder, by the `.dockerignore` in it. */
export async function copyBuildContext(folder: string, target: string): Promise<void> {
  const isIgnored = ignoredBy(await readFile(path.join(folder, ".dockerignore"), "utf8"));
  await cp(folder, target, {
    recursive: true,
    filter: (source) => {
      const file = path.relative(folder, source);
      return file === "" || !isIgnored(file);
    },
  });
}

/**
 * The rules of a `.dockerignore`: the last that fits decides. Of its patterns, those are understood that this repository
 * uses: `*`, a path, and a name at any depth.
 *
 * @throws on any other pattern
 */
function ignoredBy(text: string): (file: string) => boolean {
  const rules = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ ignores: !line.startsWith("!"), fits: fitting(line.replace(/^!/, "")) }));
  return (file) => rules.findLast(({ fits }) => fits(file))?.ignores ?? false;
}

function fitting(pattern: string): (file: string) => boolean {
  if (pattern === "*") return () => true;
  const [, anywhere, name = ""] = /^(\*\*\/)?([\w.@/-]+)$/.exec(pattern) ?? [];
  if (name === "") throw new Error(`the pattern ${pattern} of .dockerignore is not understood`);
  return anywhere === undefined
    ? (file) => file === name || file.startsWith(`${name}/`)
    : (file) => file.split(path.sep).includes(name);
}
