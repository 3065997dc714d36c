import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch } from "./scratch.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "scratch-test-"));
  for (const folder of ["docs", "node_modules"]) mkdirSync(path.join(root, folder));
  for (const file of ["README.md", "docs/a.md", "tls.key"]) writeFileSync(path.join(root, file), "mine");
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  execFileSync("git", ["add", "README.md", "docs"], { cwd: root });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

it("links what belongs to the repository and what npm installed, so that nobody's own file is written to", () => {
  const { folder, ...place } = scratch(root);
  expect(readdirSync(folder).sort()).toEqual(["README.md", "docs", "node_modules"]);
  writeFileSync(path.join(folder, "tls.key"), "of a test");
  place[Symbol.dispose]();
  expect(existsSync(folder)).toBe(false);
  expect(readFileSync(path.join(root, "tls.key"), "utf8")).toBe("mine");
  expect(readFileSync(path.join(root, "docs/a.md"), "utf8")).toBe("mine");
});
