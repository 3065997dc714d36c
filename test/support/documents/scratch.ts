import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "./pages.js";

/** A folder that looks like the root of the repository; what a command writes beside it stays there. */
export interface Scratch extends Disposable {
  readonly folder: string;
}

/** Makes one of links, and removes it with what was written into it. */
export function scratch(): Scratch {
  const folder = mkdtempSync(path.join(tmpdir(), "documents-"));
  for (const entry of readdirSync(repository)) {
    symlinkSync(path.join(repository, entry), path.join(folder, entry));
  }
  return {
    folder,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
