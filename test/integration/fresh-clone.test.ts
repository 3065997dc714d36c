import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Checkout, checkOut } from "../support/checkout.js";

const run = promisify(execFile);
// What npm warns of is about the machine, and not about the clone.
const env = { ...process.env, npm_config_loglevel: "error" };
let checkout: Checkout;

/** Runs a command in the clone; one that fails is an answer, too. */
async function inClone(
  command: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const ended = run(command, args, { cwd: checkout.folder, env });
  return ended.then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as Awaited<ReturnType<typeof inClone>>,
  );
}

beforeAll(async () => {
  checkout = await checkOut();
  await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: checkout.folder, env });
  return () => checkout[Symbol.asyncDispose]();
}, 300_000);

describe("in a fresh clone, after npm ci", { timeout: 120_000 }, () => {
  it("npx cocoon-webhook runs ours, never a package of that name, and says that it is not built", async () => {
    expect(await inClone("npx", "cocoon-webhook", "version")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "cocoon-webhook: not built yet: run 'npm run build' in the repository first\n",
    });
  });

  it("npm run build makes it work", async () => {
    expect(await inClone("npm", "run", "build")).toMatchObject({ code: 0 });
    const file = path.join(checkout.folder, "packages/webhook/package.json");
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
    expect(await inClone("npx", "cocoon-webhook", "version")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(version) as string,
      stderr: "",
    });
  });

  it("the package holds the bundle and what npm links", async () => {
    // It has just been built: `prepack` would do so again.
    const { stdout } = await inClone(
      "npm",
      "pack",
      "--dry-run",
      "--json",
      "--ignore-scripts",
      "-w",
      "@cocoonstack/webhook",
    );
    const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
    const paths = files.map((file) => file.path).filter((file) => !file.startsWith("dist/chunks/"));
    expect(paths.sort()).toEqual([
      "LICENSE",
      "README.md",
      "bin/cocoon-webhook.js",
      "dist/THIRD_PARTY_LICENSES.txt",
      "dist/cocoon-webhook.js",
      "package.json",
    ]);
  });
});
