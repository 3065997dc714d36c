import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "@cocoonstack/common/k8s";

/** A file that is made by a program and committed. */
export interface GeneratedFile {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  /** Gives the whole content; the same one every time. */
  readonly render: () => string | Promise<string>;
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The files below `root` whose content is not what their generator gives, missing ones included, with what it should be.
 *
 * @example
 * ```ts
 * for (const path of (await staleFiles(root, files)).keys()) console.error(`${path} is out of date`);
 * ```
 */
export async function staleFiles(
  root: string,
  files: readonly GeneratedFile[],
): Promise<ReadonlyMap<string, string>> {
  const rendered = files.map(async (file) => {
    const [now, wanted] = await Promise.all([contentOf(path.join(root, file.path)), file.render()]);
    return { path: file.path, wanted, stale: now !== wanted };
  });
  const stale = (await Promise.all(rendered)).filter((file) => file.stale);
  return new Map(stale.map((file) => [file.path, file.wanted]));
}

/**
 * Brings the files below `root` up to date, and gives the paths of those that were not. A file that is as it should be
 * is not written, so that nothing that watches it wakes up.
 *
 * @example
 * ```ts
 * const written = await writeFiles(root, files);
 * ```
 */
export async function writeFiles(root: string, files: readonly GeneratedFile[]): Promise<string[]> {
  const stale = await staleFiles(root, files);
  for (const [file, content] of stale) {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return [...stale.keys()];
}
