import { expect, it } from "vitest";
import type { Finding } from "../check/index.js";
import { fingerprintOf } from "./fingerprint.js";

const finding: Finding = {
  ...{ file: "a.yaml", line: 9, column: 5, severity: "error", rule: "stray-pod" },
  object: { group: "", kind: "Pod", namespace: "prod", name: "web" },
  ...{ field: "spec.tolerations[0]", message: "is stray", wayOut: "remove it" },
};

it("is 64 hexadecimal digits, which stay while the finding moves and its words change", () => {
  const fingerprint = fingerprintOf(finding);
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  const moved = { ...finding, file: "b.yaml", line: 10, column: 1, message: "strays", wayOut: "mend it" };
  expect(fingerprintOf(moved)).toBe(fingerprint);
});

it.each<[string, Partial<Finding>]>([
  ["rule", { rule: "untrusted-creator" }],
  ["field", { field: "spec" }],
  ...(["group", "kind", "namespace", "name"] as const).map((part): [string, Partial<Finding>] => [
    part,
    { object: { ...finding.object, [part]: "other" } },
  ]),
])("is another one for another %s", (_, change) => {
  expect(fingerprintOf({ ...finding, ...change })).not.toBe(fingerprintOf(finding));
});
