import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { colours, demoScreen, sleepScreen } from "../../scripts/pictures/screens.js";
import { withoutColours } from "../../scripts/pictures/terminal.js";
import { type Step, webhookStory } from "../demo/story.js";
import { vmStory } from "../demo/vm-story.js";
import { ensureRegistry } from "../registry/ensure-registry.js";
import { commandBlocks } from "../support/documents/blocks.js";

const repository = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");

const registry = await ensureRegistry();
if (!registry.available) console.warn(`skipped: ${registry.reason}; ${registry.wayOut}`);

/** The command of README.md, to its end. */
async function demo(env: NodeJS.ProcessEnv): Promise<string> {
  const blocks = commandBlocks("README.md", read("README.md"));
  const command = blocks.find(({ text }) => text.includes("demo"))?.text.trim() ?? "";
  const options = { cwd: repository, env: { ...process.env, ...env } };
  // Where its input is a socket, as Node's pipes are, bash would read what its user has set up, and set PATH anew.
  return (await promisify(execFile)("bash", ["--norc", "-c", `${command} -- --exit`], options)).stdout;
}

function expectTold(told: string, story: readonly Step[]): void {
  for (const { title, shows, decision = "" } of story) {
    expect(told).toContain(title);
    if (typeof shows === "string") expect(told).toContain(shows);
    expect(told).toContain(decision);
  }
}

describe.skipIf(!registry.available)("the demo that README.md names", () => {
  let stdout: string;
  beforeAll(async () => {
    stdout = await demo(colours);
  }, 600_000);

  it("tells its stories to the end", () => {
    const told = withoutColours(stdout);
    expect(told).toContain(`All ${webhookStory.length + vmStory.length} steps came out as told.`);
    expectTold(told, [...webhookStory, ...vmStory]);
  });

  it("shows what was written in a VM on its disk, in its snapshot, and on its disk again", () => {
    const told = withoutColours(stdout);
    const disks = [...told.matchAll(/^ +vk-default-demo-0(:hibernate)? .*\b([0-9a-f]{8}\.\d+)$/gm)];
    const [fresh, worked, saved, woken] = disks.map(([, tag = "", disk = ""]) => `${disk}${tag}`);
    expect([fresh, worked]).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}\.0$/),
      fresh?.replace(/\.0$/, ".3"),
    ]);
    expect([saved, woken]).toEqual([`${worked ?? ""}:hibernate`, worked]);
  });

  it("is what its pictures show; else draw them anew with npm run pictures", () => {
    expect(demoScreen(stdout)).toBe(read("docs/images/demo.svg"));
    expect(sleepScreen(stdout)).toBe(read("docs/images/demo-sleep.svg"));
  });
});

describe("the demo where there is no registry", () => {
  let stdout: string;
  beforeAll(async () => {
    // A cache with everything but the registry, and no Go that could build that.
    const cache = await mkdtemp(path.join(tmpdir(), "cache-"));
    const own = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
    await mkdir(path.join(cache, "cocoonstack"));
    await symlink(path.join(own, "cocoonstack/controlplane"), path.join(cache, "cocoonstack/controlplane"));
    await writeFile(path.join(cache, "go"), "#!/bin/sh\necho 'go: too old' >&2\nexit 1\n", { mode: 0o755 });
    const PATH = [cache, process.env["PATH"]].join(path.delimiter);
    try {
      stdout = await demo({ XDG_CACHE_HOME: cache, PATH, REGISTRY_EXECUTABLE: "" });
    } finally {
      await rm(cache, { recursive: true });
    }
  }, 600_000);

  it("says so, and tells the rest", () => {
    expect(stdout).toMatch(
      /^The story of VMs is left out, because it needs a registry: Go cannot build .* \(go: too old\); /m,
    );
    expect(stdout).toContain(`All ${webhookStory.length} steps came out as told.`);
    expectTold(stdout, webhookStory);
    expect(stdout).not.toContain(vmStory[0]?.title ?? "");
  });

  it("is plain where nobody watches", () => {
    expect(stdout).toBe(withoutColours(stdout));
  });
});
