import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "./pages.js";

/** A folder that looks like the root of the repository; what a command writes beside it stays there. */
export interface Scratch extends Disposable {
  readonly folder: string;
}

/**
 * Makes one of links, and removes it with what was written into it. Only what belongs to the repository is linked, and what
 * npm has installed: a command that writes a file of the reader's, such as `tls.key`, would write it through a link.
 *
 * @param root the repository
 */
export function scratch(root = repository): Scratch {
  const folder = mkdtempSync(path.join(tmpdir(), "documents-"));
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  const entries = new Set([...tracked.map((file) => file.split("/")[0] ?? ""), "node_modules"]);
  for (const entry of entries) {
    const target = path.join(root, entry);
    if (entry !== "" && existsSync(target)) symlinkSync(target, path.join(folder, entry));
  }
  return {
    folder,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
