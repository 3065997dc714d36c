import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const repository = path.resolve(import.meta.dirname, "../..");

/** The executable that tests start: the bundle, as people run it. */
export const executable = path.join(repository, "packages/webhook/dist/cocoon-webhook.js");

/** The same of the node agent. */
export const nodeExecutable = path.join(repository, "packages/node/dist/cocoon-node.js");

/** Vitest's global setup: what is tested is what the sources say now. */
export async function setup(): Promise<void> {
  for (const name of ["webhook", "node"]) {
    await promisify(execFile)(process.execPath, [path.join(repository, "packages", name, "build.js")]);
  }
}
