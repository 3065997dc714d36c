import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { copyBuildContext } from "./build-context.js";
import { type Stage, stageOf } from "./dockerfile.js";
import type { Program } from "./webhook-process.js";

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, "../..");

/** The program of an image, as the Dockerfile calls its stage. */
export type ImageName = "webhook" | "operator";

/** An image as a folder: the files that the Dockerfile adds, on a stand-in for its base image. */
export interface Image extends AsyncDisposable {
  readonly stage: Stage;
  /** Every file that the Dockerfile adds, by its path in the image. */
  readonly added: readonly string[];
  /** Runs the entry point as a container would: as the image's user, with these files alone and none that it may write. */
  readonly program: Program;
  /** Runs the image's Node.js in the same way. */
  readonly node: Program;
}

/**
 * Makes an image without a container engine: builds the bundle from what the `.dockerignore` lets through, copies what the
 * image's stage of the Dockerfile copies, and puts it on a Node.js with the C libraries of this machine. What is left untried
 * is `npm ci` in the build stage, and the base image itself.
 *
 * @throws where this machine cannot run a program in a root folder of its own
 */
export async function makeImage(name: ImageName): Promise<Image> {
  const folder = await mkdtemp(path.join(tmpdir(), "cocoon-image-"));
  try {
    const stage = stageOf(await readFile(path.join(repository, "Dockerfile"), "utf8"), name);
    const source = path.join(folder, "src");
    const root = path.join(folder, "root");
    await buildIn(source, name);
    for (const { sources, target } of stage.copies) {
      for (const file of sources) {
        const place = target.endsWith("/") ? path.join(target, path.basename(file)) : target;
        await cp(path.join(source, path.relative("/src", file)), path.join(root, place), { recursive: true });
      }
    }
    const added = await filesIn(root);
    await addNode(root);
    await makeReadOnly(root);
    // mkdtemp gives the folder to its owner alone.
    await chmod(folder, 0o755);
    const node = await confined(root, stage);
    const program: Program = [...node, ...stage.entrypoint.slice(1)];
    return {
      stage,
      added,
      program,
      node,
      [Symbol.asyncDispose]: () => remove(folder),
    };
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

/** The Dockerfile's build stage, with the packages that are installed here. */
async function buildIn(source: string, name: ImageName): Promise<void> {
  await copyBuildContext(repository, source);
  await symlink(path.join(repository, "node_modules"), path.join(source, "node_modules"));
  const env = { ...process.env, COCOON_COMMIT: "0123456789ab" };
  await run(process.execPath, [`packages/${name}/build.js`], { cwd: source, env });
}

const filesIn = async (root: string): Promise<string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `/${path.relative(root, path.join(entry.parentPath, entry.name))}`)
    .sort();
};

/** The Node.js of the base image: a plain npm package, without an install script, and the libraries that it names. */
async function addNode(root: string): Promise<void> {
  const npm = ["exec", "--yes", "--prefer-offline", `--package=node-linux-${process.arch}@24`, "-c"];
  const { stdout } = await run("npm", [...npm, "node -p process.execPath"], { cwd: repository });
  const node = stdout.trim().split("\n").at(-1) ?? "";
  await mkdir(path.join(root, "nodejs/bin"), { recursive: true });
  await cp(node, path.join(root, "nodejs/bin/node"));
  const { stdout: libraries } = await run("ldd", [node]);
  for (const [, library = ""] of libraries.matchAll(/(?:^\s*|=> )(\/\S+)/gm)) {
    await cp(library, path.join(root, library), { dereference: true });
  }
}

async function makeReadOnly(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    await chmod(path.join(entry.parentPath, entry.name), 0o555);
  }
  await chmod(root, 0o555);
}

async function remove(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // Whoever is not root removes nothing from a folder that is read-only.
  for (const entry of entries.filter((one) => one.isDirectory())) {
    await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
  await rm(folder, { recursive: true, force: true });
}

/** The command that is the image's Node.js. root changes the root folder and the user; anybody else needs a user namespace for that. */
async function confined(root: string, { user, entrypoint }: Stage): Promise<Program> {
  const [uid = "", gid = uid] = user.split(":");
  const prefix: Program =
    process.getuid?.() === 0
      ? ["chroot", `--userspec=${uid}:${gid}`, root]
      : ["unshare", "--user", `--map-user=${uid}`, `--map-group=${gid}`, `--root=${root}`, "--wd=/"];
  const [node = ""] = entrypoint;
  try {
    await run(prefix[0], [...prefix.slice(1), node, "--version"]);
  } catch (cause) {
    const way = "run the test as root, or where unprivileged user namespaces are allowed";
    throw new Error(`nothing can be run in a root folder of its own here: ${way}`, { cause });
  }
  return [...prefix, node];
}
