import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { publicExports, repository } from "../support/public-exports.js";

/** Where tests stand. */
const folders = [
  "packages/common/src",
  "packages/common/definition",
  "test/integration",
  "test/e2e",
  "scripts",
];

const testFiles = folders.flatMap((folder) =>
  readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(repository, folder, file)),
);

/** The names that a file uses: neither what it only imports, nor what its comments and texts speak of. */
function namesIn(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest));
  return names;
}

const values = publicExports().filter(({ isValue }) => isValue);

it("each value that the library exports is used by a test", () => {
  const used = new Set(testFiles.flatMap(namesIn));
  const untested = values.filter(({ name }) => !used.has(name));
  expect(untested.map(({ name, place }) => `${name} (${place})`)).toEqual([]);
  expect(values.length).toBeGreaterThan(100);
});
