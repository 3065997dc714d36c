import path from "node:path";
import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { boundaries } from "./boundaries.js";
import { rooms } from "./rooms.js";

const repository = path.resolve(import.meta.dirname, "..");

/** What the rule says of a file with this one line. */
function faultsOf(file: string, line: string): string[] {
  const linter = new Linter({ cwd: repository });
  const messages = linter.verify(
    line,
    {
      files: ["**/*"],
      plugins: { cocoon: { rules: { boundaries } } },
      rules: { "cocoon/boundaries": ["error", rooms] },
    },
    path.join(repository, file),
  );
  return messages.map(({ message }) => message);
}

describe("the doors between the rooms", () => {
  it.each([
    ["packages/common/src/meta/x.js", 'import "../apis/v1/index.js";'],
    ["packages/common/src/meta/x.js", 'import "./keys.js";'],
    ["packages/common/src/k8s/x.js", 'await import("undici");'],
    ["packages/common/src/k8s/admission/x.js", 'import "node:http";'],
    ["packages/webhook/src/policy/x.js", 'import "@cocoonstack/common/meta";'],
    ["packages/webhook/src/admission/x.js", 'import "../policy/index.js";'],
    ["packages/webhook/src/server/x.js", 'import "node:fs";'],
  ])("are open: %s, %s", (file, line) => {
    expect(faultsOf(file, line)).toEqual([]);
  });

  it.each([
    ["packages/common/src/meta/x.js", 'import "node:fs";', /may not import 'node:fs'/],
    ["packages/common/src/meta/x.js", 'import "pino";', /may not import the package 'pino'/],
    [
      "packages/common/src/meta/x.js",
      'import "../k8s/index.js";',
      /may not import from 'packages\/common\/src\/k8s'/,
    ],
    ["packages/common/src/apis/v1/x.js", 'export * from "../../meta/index.js";', /may not import from/],
    ["packages/common/src/k8s/admission/x.js", 'import "../index.js";', /may not import from/],
    ["packages/common/src/k8s/admission/x.js", 'import "@cocoonstack/common/meta";', /may not import from/],
    ["packages/common/src/meta/x.js", 'import "../apis/v1/enums.js";', /entered through its index\.js/],
    ["packages/webhook/src/policy/x.js", 'import "node:net";', /may not import 'node:net'/],
    ["packages/webhook/src/policy/x.js", 'await import("node:net");', /may not import 'node:net'/],
    ["packages/webhook/src/policy/x.js", 'import "../server/index.js";', /may not import from/],
    [
      "packages/webhook/src/policy/x.js",
      'import { serve } from "@cocoonstack/common/k8s/admission";',
      /only types/,
    ],
    ["packages/webhook/src/registration/x.js", 'import "../server/index.js";', /may not import from/],
    ["packages/webhook/src/policy/x.js", 'import "../../../../scripts/generate.js";', /lies in no room/],
    ["packages/webhook/src/new/x.js", 'import "node:fs";', /lies in no room: add its folder/],
  ])("are shut: %s, %s", (file, line, fault) => {
    expect(faultsOf(file, line)).toEqual([expect.stringMatching(fault)]);
  });
});
