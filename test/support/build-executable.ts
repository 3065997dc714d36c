import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const repository = path.resolve(import.meta.dirname, "../..");

const bundleOf = (name: string): string => path.join(repository, `packages/${name}/dist/cocoon-${name}.js`);

/** The executable that tests start: the bundle, as people run it. */
export const executable = bundleOf("webhook");

/** The same of the operator. */
export const operatorExecutable = bundleOf("operator");

/** The same of the node agent. */
export const nodeExecutable = bundleOf("node");

/** Vitest's global setup: what is tested is what the sources say now. */
export async function setup(): Promise<void> {
  for (const name of ["webhook", "operator", "node"]) {
    await promisify(execFile)(process.execPath, [path.join(repository, `packages/${name}/build.js`)]);
  }
}
