import { describe, expect, it } from "vitest";
import { runExample } from "./run-example.js";

const run = (code: string, scope: Readonly<Record<string, unknown>> = {}) =>
  runExample({ code, imports: 'import { podKey } from "@cocoonstack/common/meta";' }, scope);

describe("runExample", () => {
  it("gives both values, whether they agree or not, wherever a comment shows one", async () => {
    const code = [
      'podKey("a", "b"); // "a/b"',
      "const one = await Promise.resolve(1); // 2, which it is not",
      "const two: { a: number } = { a: one };",
      "// { a: 1 }",
      "await Promise.resolve(two.a); // -1: nor is this",
    ];
    expect(await run(code.join("\n"))).toEqual([
      { expression: 'podKey("a", "b")', actual: "a/b", shown: "a/b" },
      { expression: "one", actual: 1, shown: 2 },
      { expression: "two", actual: { a: 1 }, shown: { a: 1 } },
      { expression: "await Promise.resolve(two.a)", actual: 1, shown: -1 },
    ]);
  });

  it("takes no words and nothing abridged for a value", async () => {
    expect(await run('podKey("a", "b"); // such as a/b\n({ a: [1] }); // { a: […] }')).toEqual([]);
  });

  it("rejects with what the example throws, also after it has waited", async () => {
    await expect(run('await Promise.resolve();\nthrow new RangeError("no");')).rejects.toThrow("no");
    await expect(run("missing();")).rejects.toThrow("missing is not defined");
  });

  it("knows the names of its scope, which the example may declare itself", async () => {
    expect(await run("pod; // 1", { pod: 1 })).toMatchObject([{ actual: 1 }]);
    expect(await run("const pod = 2; // 2", { pod: 1 })).toMatchObject([{ actual: 2 }]);
  });

  it("loads the modules that the example imports", async () => {
    const code = 'import { sep } from "node:path/posix";\nsep; // "/"';
    expect(await run(code)).toEqual([{ expression: "sep", actual: "/", shown: "/" }]);
  });
});
