import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  blockedReasons,
  degradedReasons,
  hibernationReasons,
} from "../../packages/operator/src/model/reasons.js";

const repository = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(repository, "docs/troubleshooting.md"), "utf8");

/** The code of some packages, with texts that are put together over several lines in one piece. */
const sourcesOf = (...packages: readonly string[]): string =>
  packages
    .flatMap((name) => {
      const folder = path.join(repository, "packages", name, "src");
      return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => readFileSync(path.join(folder, file), "utf8"));
    })
    .join("\n")
    .replaceAll(/["`] \+\s+["`]/g, "");

const sources = sourcesOf("common", "machinery", "operator", "program", "registry", "webhook");

/** What stands below a heading, up to the next of its rank. */
const section = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split(/\n## /)[0] ?? "";
const messagesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^### `(.*)`$/gm)].map(([, message = ""]) => message);

const ours = page.slice(page.indexOf("\n## What the webhook says when it does not start"));

// What API servers say is seen in test/e2e/troubleshooting.test.ts.
it.each(messagesIn(ours))("the message in docs/troubleshooting.md is one of ours: %s", (message) => {
  // Punctuation at the edges of a part may come with the value beside it.
  const parts = message.split("…").map((part) => part.replace(/^\W+|\W+$/g, ""));
  expect(parts.join("").length).toBeGreaterThan(3);
  expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
});

describe("docs/troubleshooting.md has for the operator", () => {
  const operators = sourcesOf("machinery", "operator", "registry");

  it("every trouble that a CocoonSet can be in", () => {
    const named = section("What a CocoonSet says");
    const reasons = [...Object.keys(degradedReasons), ...Object.keys(blockedReasons)];
    // Every reason but the two that say that all is well, and that what is said is another's.
    const troubles = reasons.filter((reason) => reason !== "AsExpected" && reason !== "ActionFailed");
    expect(troubles.length).toBeGreaterThan(18);
    expect(troubles.filter((reason) => !named.includes(`\`${reason}\``))).toEqual([]);
    expect(section("What the operator logs")).toContain("`ActionFailed`");
  });

  it("all that a CocoonHibernation can wait for, or fail for", () => {
    const named = section("What a CocoonHibernation says");
    const onItsWay = ["Hibernating", "Waking", "Hibernated", "Active", "Stable"];
    const reasons = Object.keys(hibernationReasons).filter((reason) => !onItsWay.includes(reason));
    expect(reasons).toHaveLength(6);
    expect(reasons.filter((reason) => !named.includes(`\`${reason}\``))).toEqual([]);
  });

  it("every warning that it logs", () => {
    const warnings = [...operators.matchAll(/\.(?:warn|error)\(\s*\{[^}]*\},\s*"([^"]+)",?\s*\)/g)];
    expect(warnings.length).toBeGreaterThan(4);
    const said = messagesIn(section("What the operator logs"));
    expect(warnings.map(([, message]) => message).filter((one = "") => !said.includes(one))).toEqual([]);
  });

  it("every kind of failure of its registry", () => {
    const file = path.join(repository, "packages/registry/src/protocol/registry-error.ts");
    const [, union = ""] = readFileSync(file, "utf8").split("export type RegistryErrorKind =");
    const kinds = [...(union.split(";")[0] ?? "").matchAll(/"([a-z-]+)"/g)].map(([, kind = ""]) => kind);
    expect(kinds).toHaveLength(17);
    const rows = section("What the registry's client says").match(/^\| `.*$/gm) ?? [];
    expect(kinds.filter((kind) => !rows.some((row) => row.split(" | ")[0]?.includes(`\`${kind}\``)))).toEqual(
      [],
    );
  });
});
