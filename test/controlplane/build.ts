import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import { isErrno, type SupervisedProcess } from "./process.js";
import type { KubernetesRelease } from "./kubernetes.js";
import { startProgress, type ProgressStream } from "./progress.js";
import { openSandbox, type Sandbox } from "./sandbox.js";

/** What to build, and where to. */
export interface BuildOptions {
  readonly release: KubernetesRelease;
  /** The folder that shall hold the executables. It is there complete or not at all. */
  readonly target: string;
  /** Where progress is shown. */
  readonly progress: ProgressStream;
  readonly env: NodeJS.ProcessEnv;
  /** Stops the build. */
  readonly signal?: AbortSignal | undefined;
}

/** A build that failed. The message ends with the last lines of Go's output. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}

/**
 * Builds the executables from Go modules.
 *
 * @throws {BuildError} when Go reports an error.
 * @throws the signal's reason when it is aborted; Go and all it started are gone then.
 */
export async function build(options: BuildOptions): Promise<void> {
  const { release, target, progress: stream, signal } = options;
  signal?.throwIfAborted();
  await mkdir(path.dirname(target), { recursive: true });
  // Beside the target, so that the rename at the end stays within one file system and is atomic.
  const sandbox = await openSandbox(await mkdtemp(`${target}.building-`));
  const onAbort = (): void => void sandbox.close();
  signal?.addEventListener("abort", onAbort);
  const work = workOf(sandbox, options);
  const progress = startProgress(stream, work.describe);
  try {
    progress.say(
      `Building Kubernetes ${release.version} and etcd from Go modules, once: about 6 to 10 minutes from nothing, ` +
        "half a minute with Go's build cache warm",
    );
    await work.run();
    // `go install` calls each executable by the last element of its package path.
    await rename(path.join(work.binFolder, "server"), path.join(work.binFolder, "etcd"));
    await moveIntoPlace(work.binFolder, target);
    progress.say(`Built ${target}`);
  } catch (error) {
    // Whatever failed after that failed because its folder and processes were taken away.
    signal?.throwIfAborted();
    throw error;
  } finally {
    progress.end();
    signal?.removeEventListener("abort", onAbort);
    await sandbox.close();
  }
}

interface Work {
  readonly binFolder: string;
  /** What it is doing, in one line. */
  readonly describe: () => string;
  readonly run: () => Promise<void>;
}

function workOf(sandbox: Sandbox, { release, env }: BuildOptions): Work {
  const binFolder = path.join(sandbox.folder, "bin");
  const tmpFolder = path.join(sandbox.folder, "tmp");
  let describe = (): string => "Starting Go";

  const go = async (name: string, args: readonly string[]): Promise<SupervisedProcess> => {
    const running = sandbox.start({
      name,
      command: "go",
      args,
      cwd: release.moduleFolder,
      // GOTMPDIR: an interrupted Go leaves its intermediate files behind, which here go with the folder.
      env: { ...env, GOBIN: binFolder, GOTMPDIR: tmpFolder, GOWORK: "off" },
    });
    describe = () => describeGo(running, binFolder, packages);
    await running.ended;
    if (!running.succeeded()) throw buildError(running, release);
    return running;
  };
  let packages = 0;

  return {
    binFolder,
    describe: () => describe(),
    run: async () => {
      await Promise.all([mkdir(binFolder), mkdir(tmpFolder)]);
      // Needs the source of every package, so it downloads what is missing; and it counts what there is to compile.
      const listed = await go("list", ["list", "-deps", "tool"]);
      packages = packageNames(listed).length;
      await go("install", ["install", "-v", "-trimpath", `-ldflags=${linkerFlags(release)}`, "tool"]);
    },
  };
}

/** Without symbols the executables are a third smaller; the version is what `/version` answers. */
function linkerFlags({ version }: KubernetesRelease): string {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return [
    "-s -w",
    ...Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
  ].join(" ");
}

/** Both `go list` and `go install -v` print one package path a line; whatever else Go says has spaces in it. */
const isPackageName = (line: string): boolean => !/\s/.test(line);
const packageNames = (go: SupervisedProcess): string[] => go.log().filter(isPackageName);

function describeGo(go: SupervisedProcess, binFolder: string, packages: number): string {
  if (packages === 0) {
    const downloads = go.log().filter((line) => line.startsWith("go: downloading ")).length;
    return `Fetching sources: ${downloads} modules downloaded`;
  }
  const ready = readdirSync(binFolder).map((name) => (name === "server" ? "etcd" : name));
  // What Go's build cache already holds is never named, hence "at most".
  return (
    `Compiling: ${packageNames(go).length} packages of at most ${packages}, ` +
    `${ready.length} of 4 executables ready${ready.length > 0 ? `: ${ready.join(", ")}` : ""}`
  );
}

function buildError(go: SupervisedProcess, { version }: KubernetesRelease): BuildError {
  const lines = go.log().filter((line) => !isPackageName(line));
  return new BuildError(
    `Building Kubernetes ${version} failed: go ${go.name} ${go.ending() ?? "is still running"}. Its last lines:\n` +
      lines.slice(-20).join("\n"),
  );
}

/** Two builds at the same time do not know of each other: the first to finish wins, and the other's work is thrown away. */
async function moveIntoPlace(folder: string, target: string): Promise<void> {
  try {
    await rename(folder, target);
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY", "EEXIST")) throw error;
    await rm(folder, { recursive: true });
  }
}
