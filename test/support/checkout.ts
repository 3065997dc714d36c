import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, "../..");

/** The repository as somebody gets it who clones it: without dependencies, and with nothing built. */
export interface Checkout extends AsyncDisposable {
  readonly folder: string;
}

/** Checks out what a commit of everything that is here now would hold. */
export async function checkOut(): Promise<Checkout> {
  const parent = await mkdtemp(path.join(tmpdir(), "cocoon-checkout-"));
  const folder = path.join(parent, "controlplane");
  // An index of its own: what somebody has staged stays staged.
  const options = { cwd: repository, env: { ...process.env, GIT_INDEX_FILE: path.join(parent, "index") } };
  await run("git", ["add", "--all"], options);
  await run("git", ["checkout-index", "--all", `--prefix=${folder}/`], options);
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  };
}
