import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { story } from "../demo/story.js";

it("npm run demo -- --exit tells its story to the end", { timeout: 300_000 }, async () => {
  const { stdout } = await promisify(execFile)("npm", ["run", "demo", "--", "--exit"], {
    cwd: path.resolve(import.meta.dirname, "../.."),
  });
  expect(stdout).toContain(`All ${story.length} steps came out as told.`);
  for (const { title, shows, decision = "" } of story) {
    expect(stdout).toContain(title);
    expect(stdout).toContain(shows);
    expect(stdout).toContain(decision);
  }
});
