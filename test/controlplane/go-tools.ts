import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { isErrno } from "./process.js";

/** Executables that are built from one Go module, whose `go.mod` and `go.sum` pin every source. */
export interface GoTools {
  /** What messages call it, such as `Kubernetes v1.35.4`. */
  readonly name: string;
  /** All that is built, in words. */
  readonly title: string;
  /** How long that takes, in words. */
  readonly duration: string;
  /** Its version, with the leading `v`. */
  readonly version: string;
  /** The folder that holds `go.mod`, which names what is built in its tool lines, and `go.sum`. */
  readonly moduleFolder: string;
  /** Of `go install -ldflags`. */
  readonly linkerFlags: string;
  /** The executables: by the name that Go gives them, the one that they shall have. */
  readonly executables: Readonly<Record<string, string>>;
}

/**
 * Where built executables are kept: a folder of the user's cache, as the XDG base directory specification has it.
 *
 * @param kind such as `controlplane`
 */
export function cacheFolder(env: NodeJS.ProcessEnv, kind: string, key: string): string {
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  // The specification says that a relative path is invalid and to be ignored.
  const cache = path.isAbsolute(xdg) ? xdg : path.join(homedir(), ".cache");
  return path.join(cache, "cocoonstack", kind, key);
}

/** Names what is built by what it is built from, such as `v1.35.4-1f2e3d4c5b6a-linux-x64`. */
export async function cacheKey({
  version,
  moduleFolder,
}: Pick<GoTools, "version" | "moduleFolder">): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(path.join(moduleFolder, file)));
  return [version, hash.digest("hex").slice(0, 12), process.platform, process.arch].join("-");
}

/** The names of those files that are not in the folder, or not executable. */
export async function missingFiles(folder: string, names: readonly string[]): Promise<string[]> {
  const missing = await Promise.all(
    names.map((name) =>
      access(path.join(folder, name), constants.X_OK).then(
        () => [],
        () => [name],
      ),
    ),
  );
  return missing.flat();
}

/** The oldest Go that builds a module, such as `1.25`: the module says so. */
export async function goVersion({ moduleFolder }: Pick<GoTools, "moduleFolder">): Promise<string> {
  const goMod = await readFile(path.join(moduleFolder, "go.mod"), "utf8");
  return /^go (\d+\.\d+)/m.exec(goMod)?.[1] ?? "";
}

/** Why the tools cannot be built here, in one sentence without a full stop, or undefined where they can. */
export async function whyGoCannotBuild(
  { name, moduleFolder }: Pick<GoTools, "name" | "moduleFolder">,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    // Asked in the module's folder, Go also says whether it is recent enough for the module.
    await promisify(execFile)("go", ["list", "-m"], { cwd: moduleFolder, env });
    return undefined;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return `there is no Go on PATH to build ${name} with`;
    const [line = String(error)] =
      error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n") : [];
    return `Go cannot build ${name} (${line})`;
  }
}
