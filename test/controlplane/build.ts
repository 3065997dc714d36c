import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import { lockWhenFree } from "./folder-lock.js";
import { missingFiles, type GoTools } from "./go-tools.js";
import type { SupervisedProcess } from "./process.js";
import { startProgress, type ProgressStream } from "./progress.js";
import { openSandbox, type Sandbox } from "./sandbox.js";

/** What to build, and where to. */
export interface BuildOptions {
  readonly tools: GoTools;
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
 * Builds the executables from Go modules. One process at a time does: another waits for it, and finds them built.
 *
 * @throws {BuildError} when Go reports an error.
 * @throws the signal's reason when it is aborted; Go and all it started are gone then.
 */
export async function build(options: BuildOptions): Promise<void> {
  const { tools, target, progress, signal } = options;
  signal?.throwIfAborted();
  await mkdir(path.dirname(target), { recursive: true });
  const release = await lockWhenFree(`${target}.lock`, {
    signal,
    onWait: () => progress.write(`Another process is building ${tools.title}: waiting for it\n`),
  });
  try {
    if ((await missingFiles(target, Object.values(tools.executables))).length === 0) return;
    // A build puts the folder there complete; one that has lost a file since would stand in the way of the rename.
    await rm(target, { recursive: true, force: true });
    await buildAlone(options);
  } finally {
    release();
  }
}

async function buildAlone(options: BuildOptions): Promise<void> {
  const { tools, target, progress: stream, signal } = options;
  // Beside the target, so that the rename at the end stays within one file system and is atomic.
  const sandbox = await openSandbox(await mkdtemp(`${target}.building-`));
  const onAbort = (): void => void sandbox.close();
  signal?.addEventListener("abort", onAbort);
  const work = workOf(sandbox, options);
  const progress = startProgress(stream, work.describe);
  try {
    progress.say(`Building ${tools.title} from Go modules, once: ${tools.duration}`);
    await work.run();
    // `go install` calls each executable by the last element of its package path.
    for (const [name, wanted] of Object.entries(tools.executables)) {
      if (name !== wanted) await rename(path.join(work.binFolder, name), path.join(work.binFolder, wanted));
    }
    await rename(work.binFolder, target);
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

function workOf(sandbox: Sandbox, { tools, env }: BuildOptions): Work {
  const binFolder = path.join(sandbox.folder, "bin");
  const tmpFolder = path.join(sandbox.folder, "tmp");
  let describe = (): string => "Starting Go";

  const go = async (name: string, args: readonly string[]): Promise<SupervisedProcess> => {
    const running = sandbox.start({
      name,
      command: "go",
      args,
      cwd: tools.moduleFolder,
      // GOTMPDIR: an interrupted Go leaves its intermediate files behind, which here go with the folder.
      env: { ...env, GOBIN: binFolder, GOTMPDIR: tmpFolder, GOWORK: "off" },
    });
    describe = () => describeGo(running, binFolder, tools, packages);
    await running.ended;
    if (!running.succeeded()) throw buildError(running, tools);
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
      await go("install", ["install", "-v", "-trimpath", `-ldflags=${tools.linkerFlags}`, "tool"]);
    },
  };
}

/** Both `go list` and `go install -v` print one package path a line; whatever else Go says has spaces in it. */
const isPackageName = (line: string): boolean => !/\s/.test(line);
const packageNames = (go: SupervisedProcess): string[] => go.log().filter(isPackageName);

function describeGo(
  go: SupervisedProcess,
  binFolder: string,
  { executables }: GoTools,
  packages: number,
): string {
  if (packages === 0) {
    const downloads = go.log().filter((line) => line.startsWith("go: downloading ")).length;
    return `Fetching sources: ${downloads} modules downloaded`;
  }
  const ready = readdirSync(binFolder).map((name) => executables[name] ?? name);
  // What Go's build cache already holds is never named, hence "at most".
  return (
    `Compiling: ${packageNames(go).length} packages of at most ${packages}, ` +
    `${ready.length} of ${Object.keys(executables).length} executables ready${ready.length > 0 ? `: ${ready.join(", ")}` : ""}`
  );
}

function buildError(go: SupervisedProcess, { name }: GoTools): BuildError {
  const lines = go.log().filter((line) => !isPackageName(line));
  return new BuildError(
    `Building ${name} failed: go ${go.name} ${go.ending() ?? "is still running"}. Its last lines:\n` +
      lines.slice(-20).join("\n"),
  );
}
