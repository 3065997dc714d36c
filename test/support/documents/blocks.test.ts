import { describe, expect, it } from "vitest";
import { commandBlocks } from "./blocks.js";
import { comparable, shownCommands } from "./session.js";

const fenced = (text: string, language = "sh", indent = ""): string =>
  ["```" + language, ...text.split("\n"), "```"].map((line) => indent + line).join("\n");

describe("commandBlocks", () => {
  it("finds blocks of commands, with their lines, and no others", () => {
    const page = ["# Title", fenced("a\nb"), fenced("x: y", "yaml"), fenced("$ c\nd", "console", "  ")].join(
      "\n",
    );
    expect(commandBlocks("p.md", page)).toEqual([
      { page: "p.md", line: 2, language: "sh", text: "a\nb\n", proof: { kind: "here" } },
      { page: "p.md", line: 9, language: "console", text: "$ c\nd\n", proof: { kind: "here" } },
    ]);
  });

  it.each([
    ["<!-- run: control plane -->", { kind: "control-plane" }],
    ["<!-- run: test/e2e/demo.test.ts -->", { kind: "test", file: "test/e2e/demo.test.ts" }],
    ["<!-- not run: it never ends -->", { kind: "none", reason: "it never ends" }],
    ["<!-- something else -->", { kind: "here" }],
  ])("reads %s above a block, with an empty line between or without", (comment, proof) => {
    for (const between of ["\n", "\n\n"]) {
      const [block] = commandBlocks("p.md", `# Title\n\n${comment}${between}${fenced("a")}`);
      expect(block?.proof).toEqual(proof);
    }
  });

  it("takes the comment in the first line for all blocks that have none of their own", () => {
    const page = [
      "<!-- run: control plane -->",
      "# Title",
      fenced("a"),
      "<!-- not run: no end -->",
      fenced("b"),
    ].join("\n\n");
    expect(commandBlocks("p.md", page).map(({ proof }) => proof.kind)).toEqual(["control-plane", "none"]);
  });

  it("refuses a block that is not closed, because it would swallow the rest of the page", () => {
    expect(() => commandBlocks("p.md", "```sh\na\n")).toThrow("p.md:1: the block is not closed");
  });
});

describe("shownCommands", () => {
  it("tells commands from what they print", () => {
    expect(shownCommands("$ a\none\n\ntwo\n$ b\n")).toEqual([
      { command: "a", output: "one\n\ntwo\n" },
      { command: "b", output: "" },
    ]);
  });

  it("keeps here-documents and continued lines with their command", () => {
    expect(shownCommands("$ cat <<'EOF'\n$ x\nEOF\n$ x\n$ a \\\n  b\nc\n")).toEqual([
      { command: "cat <<'EOF'\n$ x\nEOF", output: "" },
      { command: "x", output: "" },
      { command: "a \\\n  b", output: "c\n" },
    ]);
  });

  it("refuses output before the first command", () => {
    expect(() => shownCommands("a\n")).toThrow("not with 'a'");
  });
});

it("comparable leaves out ages, trailing spaces and npm's word on the user's settings, and nothing else", () => {
  expect(comparable("npm warn Unknown user config\nNAME  AGE\na     3m5s\nb 12s c  \n")).toBe(
    "NAME  AGE\na     AGE\nb 12s c",
  );
});

it("comparable takes the causes of a refusal in any order", () => {
  const refusal = (...causes: readonly string[]): string => ["is invalid:", ...causes, "next"].join("\n");
  expect(comparable(refusal("  * b: 2", "  * a: 1"))).toBe(comparable(refusal("  * a: 1", "  * b: 2")));
  expect(comparable(refusal("  * b: 2"))).not.toBe(comparable(refusal("  * a: 1")));
});
