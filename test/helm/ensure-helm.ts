import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { isErrno } from "../controlplane/process.js";

const run = promisify(execFile);
const moduleFolder = path.join(import.meta.dirname, "module");

/**
 * The path of helm: what `HELM` names, else one that is built from Go modules and kept in the user's cache, beside the
 * control plane's executables. Its module pins the same Kubernetes libraries as theirs, so that Go compiles these once.
 *
 * @returns undefined where it is not built yet and there is no Go to build it with
 * @throws when the build fails; the message ends with Go's
 */
export async function ensureHelm(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const { HELM: named = "", XDG_CACHE_HOME: xdg = "" } = env;
  if (named !== "") return named;
  const cache = path.isAbsolute(xdg) ? xdg : path.join(homedir(), ".cache");
  const target = path.join(cache, "cocoonstack/helm", await cacheKey(), "helm");
  const isBuilt = await access(target, constants.X_OK).then(
    () => true,
    () => false,
  );
  return isBuilt || (await build(target)) ? target : undefined;
}

/** Names what is built by what it is built from. */
async function cacheKey(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(path.join(moduleFolder, file)));
  return [hash.digest("hex").slice(0, 12), process.platform, process.arch].join("-");
}

/** Whether there is a Go to build it with. */
async function build(target: string): Promise<boolean> {
  console.error(
    "Building helm from Go modules, once: about a minute after the control plane, several before it",
  );
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true });
  // Beside the target, so that the rename at the end is atomic: an interrupted build leaves no half of a helm.
  const bin = await mkdtemp(path.join(folder, "building-"));
  try {
    const args = ["install", "-trimpath", "-ldflags=-s -w", "tool"];
    await run("go", args, { cwd: moduleFolder, env: { ...process.env, GOBIN: bin, GOWORK: "off" } });
    await rename(path.join(bin, "helm"), target);
    return true;
  } catch (cause) {
    if (isErrno(cause, "ENOENT")) return false;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`helm cannot be built; HELM may name one instead: ${why}`, { cause });
  } finally {
    await rm(bin, { recursive: true, force: true });
  }
}
