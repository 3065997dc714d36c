import { describe, expect, it } from "vitest";
import { shownExamples } from "./shown-examples.js";

const object = (spec: string, name = "a"): string => `kind: A\nmetadata:\n  name: ${name}\nspec:\n${spec}`;

describe("shownExamples", () => {
  it("shows a change as a diff, of the good one no more than what changes and where", () => {
    const before = object("  size: 1\n  kept: 2\n  inner:\n    kept: 3\n    gone: 4\n");
    const bad = { before, manifests: object("  size: 0\n  kept: 2\n  inner:\n    kept: 3\n    gone: 4\n") };
    const good = { before, manifests: object("  size: 2\n  kept: 2\n  inner:\n    kept: 3\n") };
    expect(shownExamples({ bad, good })).toEqual([
      {
        title: "Found here, where - is what the cluster has, and + what the manifest says",
        language: "diff",
        text:
          "  kind: A\n  metadata:\n    name: a\n  spec:\n-   size: 1\n+   size: 0\n" +
          "    kept: 2\n    inner:\n      kept: 3\n      gone: 4\n",
      },
      {
        title: "Not found here, where only this changes",
        language: "diff",
        text: "  spec:\n-   size: 1\n+   size: 2\n    inner:\n-     gone: 4\n",
      },
    ]);
  });

  it("shows both objects where the cluster has another one, and manifests as they are where it has none", () => {
    const bad = { before: object("  size: 1\n", "b"), manifests: object("  size: 1\n") };
    expect(shownExamples({ bad, good: { manifests: object("  size: 2\n") } })).toEqual([
      { title: "Found here, where the cluster has", language: "yaml", text: bad.before },
      { title: "and the manifest says", language: "yaml", text: bad.manifests },
      { title: "Not found here", language: "yaml", text: object("  size: 2\n") },
    ]);
  });
});
