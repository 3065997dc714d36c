import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFiles } from "../packages/common/definition/generated-files.js";
import { staleFiles, writeFiles } from "./generate/files.js";

const repository = path.resolve(import.meta.dirname, "..");

it("the committed files are what the generator gives", async () => {
  expect([...(await staleFiles(repository, apiFiles)).keys()]).toEqual([]);
});

describe("in a copy", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "generate-"));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  it("missing files are stale, and are written", async () => {
    const all = apiFiles.map((file) => file.path);
    expect([...(await staleFiles(root, apiFiles)).keys()]).toEqual(all);
    expect(await writeFiles(root, apiFiles)).toEqual(all);
    expect(await staleFiles(root, apiFiles)).toEqual(new Map());
  });

  it("an altered file is named, left alone by the check, and mended by the generator alone", async () => {
    const files = [
      { path: "a/one.txt", render: () => "one\n" },
      { path: "two.txt", render: () => Promise.resolve("two\n") },
    ];
    await writeFiles(root, files);
    const altered = path.join(root, "a/one.txt");
    await writeFile(altered, "one \n");
    const untouched = await stat(path.join(root, "two.txt"));

    expect(await staleFiles(root, files)).toEqual(new Map([["a/one.txt", "one\n"]]));
    expect(await readFile(altered, "utf8")).toBe("one \n");

    expect(await writeFiles(root, files)).toEqual(["a/one.txt"]);
    expect(await readFile(altered, "utf8")).toBe("one\n");
    expect((await stat(path.join(root, "two.txt"))).mtimeMs).toBe(untouched.mtimeMs);
  });
});
