import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureAssets } from "./assets.js";
import { cacheFolder, cacheKey } from "./go-tools.js";
import { isAlive } from "./is-alive.js";
import { KubernetesVersionError } from "./kubernetes-option.js";
import { releases } from "./kubernetes.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "assets-test-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const executables = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) await writeFile(path.join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
};
const silent = { write: (): void => undefined };

describe("KUBEBUILDER_ASSETS", () => {
  it("is taken as it is, with the controller manager where there is one", async () => {
    await executables("etcd", "kube-apiserver", "kubectl");
    const env = { KUBEBUILDER_ASSETS: folder };
    await expect(ensureAssets({ env })).resolves.toMatchObject({
      available: true,
      assets: { folder, etcd: path.join(folder, "etcd"), kubeControllerManager: undefined },
    });
    await executables("kube-controller-manager");
    await expect(ensureAssets({ env })).resolves.toMatchObject({
      assets: { kubeControllerManager: path.join(folder, "kube-controller-manager") },
    });
  });

  it("names the variable, the folder and every file that is missing or not executable", async () => {
    await executables("etcd", "kubectl");
    await chmod(path.join(folder, "kubectl"), 0o644);
    await expect(ensureAssets({ env: { KUBEBUILDER_ASSETS: folder } })).rejects.toThrow(
      `KUBEBUILDER_ASSETS is set to ${folder}, where these executables are missing: kube-apiserver, kubectl.`,
    );
  });

  it("may not name a folder that does not exist", async () => {
    const env = { KUBEBUILDER_ASSETS: path.join(folder, "nowhere") };
    await expect(ensureAssets({ env })).rejects.toThrow("missing: etcd, kube-apiserver, kubectl");
  });
});

describe("the version", () => {
  it.each([
    [
      {},
      "v1.35.4",
      "1.25 or later, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl",
    ],
    [{ COCOON_KUBERNETES: "1.33" }, "v1.33.13", "1.24 or later"],
    [{ COCOON_KUBERNETES: "1.36" }, "v1.36.3", "1.26 or later"],
  ])("with %j is %s, which needs Go %s", async (env, version, wayOut) => {
    const nothing = { XDG_CACHE_HOME: folder, PATH: "/nonexistent" };
    await expect(ensureAssets({ env: { ...nothing, ...env } })).resolves.toEqual({
      available: false,
      reason: `there is no Go on PATH to build Kubernetes ${version} with`,
      wayOut: `install Go ${wayOut}`,
    });
  });

  it("that is passed wins over that of the environment", async () => {
    const env = { XDG_CACHE_HOME: folder, PATH: "/nonexistent", COCOON_KUBERNETES: "1.33" };
    await expect(ensureAssets({ env, kubernetes: "1.36" })).resolves.toMatchObject({
      reason: expect.stringContaining("v1.36.3") as string,
    });
  });

  it("may not be asked for together with KUBEBUILDER_ASSETS", async () => {
    await executables("etcd", "kube-apiserver", "kubectl");
    const env = { KUBEBUILDER_ASSETS: folder, COCOON_KUBERNETES: "1.33" };
    await expect(ensureAssets({ env })).rejects.toThrow(KubernetesVersionError);
  });

  it.each(Object.entries(releases))("%s is built from a module of that version", async (minor, release) => {
    expect(release.version).toMatch(new RegExp(`^v${minor}\\.\\d+$`));
    const goMod = await readFile(path.join(release.moduleFolder, "go.mod"), "utf8");
    expect(goMod).toContain(`\tk8s.io/kubernetes ${release.version} // indirect\n`);
    const staging = release.version.replace("v1.", "v0.");
    const replaced = [...goMod.matchAll(/=> (k8s\.io\/\S+) (\S+)$/gm)].map(([, , version]) => version);
    expect(new Set(replaced)).toEqual(new Set([staging]));
  });
});

describe("the cache", () => {
  it("follows the XDG base directory specification", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/caches" }, "controlplane", "key")).toBe(
      "/caches/cocoonstack/controlplane/key",
    );
    expect(cacheFolder({}, "controlplane", "key")).toBe(
      path.join(homedir(), ".cache/cocoonstack/controlplane/key"),
    );
    expect(cacheFolder({ XDG_CACHE_HOME: "relative" }, "controlplane", "key")).toBe(
      cacheFolder({}, "controlplane", "key"),
    );
  });

  it("is keyed by what it is built from", async () => {
    const platform = `${process.platform}-${process.arch}`;
    expect(await cacheKey(releases["1.35"])).toMatch(new RegExp(`^v1\\.35\\.4-[0-9a-f]{12}-${platform}$`));

    const keyOf = async (mod: string, sum: string): Promise<string> => {
      await writeFile(path.join(folder, "go.mod"), mod);
      await writeFile(path.join(folder, "go.sum"), sum);
      return cacheKey({ version: "v1.35.4", moduleFolder: folder });
    };
    const first = await keyOf("module", "sum");
    expect(await keyOf("module", "sum")).toBe(first);
    expect(await keyOf("module ", "sum")).not.toBe(first);
    expect(await keyOf("module", "sum ")).not.toBe(first);
  });

  it("is used without Go when it is complete", async () => {
    const cached = cacheFolder({ XDG_CACHE_HOME: folder }, "controlplane", await cacheKey(releases["1.35"]));
    await mkdir(cached, { recursive: true });
    for (const name of ["etcd", "kube-apiserver", "kubectl", "kube-controller-manager"]) {
      await writeFile(path.join(cached, name), "", { mode: 0o755 });
    }
    const env = { XDG_CACHE_HOME: folder, PATH: "/nonexistent" };
    await expect(ensureAssets({ env })).resolves.toMatchObject({ assets: { folder: cached } });
  });
});

describe("without executables", () => {
  it("says why a Go that is there cannot be used", async () => {
    await executables("go");
    await writeFile(
      path.join(folder, "go"),
      "#!/bin/sh\necho 'go: go.mod requires go >= 1.25.0' >&2; exit 1\n",
    );
    const result = await ensureAssets({ env: { XDG_CACHE_HOME: folder, PATH: `${folder}:/usr/bin:/bin` } });
    expect(result).toMatchObject({
      available: false,
      reason: "Go cannot build Kubernetes v1.35.4 (go: go.mod requires go >= 1.25.0)",
    });
  });
});

describe("a build", () => {
  /** A Go that lists two packages and then does `install`. */
  const fakeGo = async (install: string): Promise<NodeJS.ProcessEnv> => {
    const script = `#!/bin/sh\ncase $1 in\n  list) echo a/b; echo a/c ;;\n  install) ${install} ;;\nesac\n`;
    await writeFile(path.join(folder, "go"), script, { mode: 0o755 });
    return { XDG_CACHE_HOME: folder, PATH: `${folder}:/usr/bin:/bin` };
  };
  const inCache = (): Promise<string[]> => readdir(path.join(folder, "cocoonstack/controlplane"));
  const succeeds =
    'for name in server kube-apiserver kubectl kube-controller-manager; do cp "$0" "$GOBIN/$name"; done';

  it("puts the complete folder into the cache, with etcd under its name", async () => {
    const env = await fakeGo(succeeds);
    const result = await ensureAssets({ env, progress: silent });
    const key = await cacheKey(releases["1.35"]);
    expect(result).toMatchObject({
      assets: { etcd: path.join(cacheFolder(env, "controlplane", key), "etcd") },
    });
    expect(await inCache()).toEqual([key]);
  });

  it("that is asked for twice at the same time runs once", async () => {
    const runs = path.join(folder, "runs");
    const env = await fakeGo(`echo run >> ${runs}; sleep 0.2; ${succeeds}`);
    const results = await Promise.all([1, 2].map(() => ensureAssets({ env, progress: silent })));
    expect(results[0]).toEqual(results[1]);
    expect(await readFile(runs, "utf8")).toBe("run\n");
    expect(await inCache()).toHaveLength(1);
  });

  it("takes over from a process that is gone", async () => {
    const env = await fakeGo(succeeds);
    const lock = `${cacheFolder(env, "controlplane", await cacheKey(releases["1.35"]))}.lock`;
    await mkdir(lock, { recursive: true });
    // No process has this number: it is beyond the largest that Linux and macOS give.
    await writeFile(path.join(lock, "pid"), "99999999");
    await expect(ensureAssets({ env, progress: silent })).resolves.toMatchObject({ available: true });
    expect(await inCache()).toHaveLength(1);
  });

  it("that fails shows what Go said, and leaves nothing behind", async () => {
    const env = await fakeGo("echo a/b; echo '# a/c' >&2; echo 'c.go:1: undefined: x' >&2; exit 1");
    await expect(ensureAssets({ env, progress: silent })).rejects.toThrow(
      "Building Kubernetes v1.35.4 failed: go install ended with code 1. Its last lines:\n# a/c\nc.go:1: undefined: x",
    );
    expect(await inCache()).toEqual([]);
  });

  it("that is aborted ends Go with all it started, and leaves nothing behind", async () => {
    const pidFile = path.join(folder, "pid");
    const env = await fakeGo(`sleep 60 & echo $! > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; wait`);
    const controller = new AbortController();
    const building = ensureAssets({ env, progress: silent, signal: controller.signal });
    await expect.poll(() => existsSync(pidFile)).toBe(true);
    const pid = Number(await readFile(pidFile, "utf8"));
    expect(isAlive(pid)).toBe(true);
    controller.abort(new Error("enough"));
    await expect(building).rejects.toThrow("enough");
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(await inCache()).toEqual([]);
  });
});
