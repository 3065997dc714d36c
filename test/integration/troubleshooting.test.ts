import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const repository = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(repository, "docs/troubleshooting.md"), "utf8");

/** All product code, with texts that are put together over several lines in one piece. */
const sources = ["packages/common/src", "packages/program/src", "packages/webhook/src"]
  .flatMap((folder) =>
    readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => readFileSync(path.join(repository, folder, file), "utf8")),
  )
  .join("\n")
  .replaceAll(/["`] \+\s+["`]/g, "");

const ours = page.slice(page.indexOf("\n## What the webhook says when it does not start"));
const messages = [...ours.matchAll(/^### `(.*)`$/gm)].map(([, message = ""]) => message);

// What API servers say is seen in test/e2e/troubleshooting.test.ts.
it.each(messages)("the message in docs/troubleshooting.md is one of ours: %s", (message) => {
  // Punctuation at the edges of a part may come with the value beside it.
  const parts = message.split("…").map((part) => part.replace(/^\W+|\W+$/g, ""));
  expect(parts.join("").length).toBeGreaterThan(3);
  expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
});
