import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "../admission/index.js";
import { painter } from "@cocoonstack/program/terminal";
import { decisionLine, isShown } from "./decision-line.js";

const record: DecisionRecord = {
  handler: "validate_pod",
  result: "allow",
  reason: "owned",
  uid: "1",
  user: "ann",
  operation: "CREATE",
  kind: "Pod",
  namespace: "shop",
  name: "web-0",
};

const time = new Date(2030, 0, 2, 3, 4, 5);
const plain = { time, paint: painter(false) };
const line = (changes: Partial<DecisionRecord>): string =>
  decisionLine("text", { ...record, ...changes }, plain);

describe("a decision for people", () => {
  it.each<[string, Partial<DecisionRecord>, string]>([
    ["allowed", {}, "03:04:05 allowed CREATE Pod shop/web-0 by ann: a CocoonSet owns the pod"],
    [
      "refused",
      { result: "deny", reason: "stray-pod", message: "no CocoonSet owns it" },
      "03:04:05 refused CREATE Pod shop/web-0 by ann: no CocoonSet owns it",
    ],
    [
      "failed",
      { result: "error", reason: "internal", message: "try again" },
      "03:04:05 failed  CREATE Pod shop/web-0 by ann: try again",
    ],
    [
      "skipped",
      { result: "skip", reason: "other-kind" },
      "03:04:05 skipped CREATE Pod shop/web-0 by ann: an object of a kind that the rule is not about",
    ],
    [
      "allowed with warnings",
      { reason: "warned", warnings: ["3 VMs go", "2 more"] },
      "03:04:05 warned  CREATE Pod shop/web-0 by ann: 3 VMs go; 2 more",
    ],
    [
      "a dry run",
      { dryRun: true },
      "03:04:05 allowed CREATE Pod shop/web-0 by ann (dry run): a CocoonSet owns the pod",
    ],
    [
      "a subresource",
      { operation: "UPDATE", kind: "Scale", resource: "deployments", subResource: "scale" },
      "03:04:05 allowed UPDATE deployments/scale shop/web-0 by ann: a CocoonSet owns the pod",
    ],
    [
      "without a name yet",
      { name: "", generateName: "web-" },
      "03:04:05 allowed CREATE Pod shop/web-* by ann: a CocoonSet owns the pod",
    ],
    [
      "without a namespace or any name",
      { namespace: "", name: "" },
      "03:04:05 allowed CREATE Pod * by ann: a CocoonSet owns the pod",
    ],
  ])("%s", (_, changes, expected) => {
    expect(line(changes)).toBe(expected);
  });

  it("keeps names that nobody has validated yet from steering the terminal", () => {
    expect(line({ name: "a\u001B[2J\nb", user: "c\rd" })).toContain("shop/a\uFFFD[2J\uFFFDb by c\uFFFDd");
  });

  it("colours the verdict", () => {
    const painted = decisionLine("text", record, { time, paint: painter(true) });
    expect(painted).toContain("\u001B[32mallowed\u001B[0m ");
  });
});

describe("of the several decisions on one write, people are shown", () => {
  it.each<[boolean, string, Partial<DecisionRecord>]>([
    [true, "that of the final pod", {}],
    [false, "not the early one, where it lets the pod go on", { handler: "mutate" }],
    [true, "the early one where it is the last", { handler: "mutate", result: "deny", reason: "stray-pod" }],
    [true, "what it costs", { handler: "warn", reason: "warned", warnings: ["3 VMs go"] }],
    [false, "not that it costs nothing", { handler: "warn", reason: "nothing-lost" }],
    [false, "not what gave no advice", { handler: "warn", result: "skip", reason: "other-kind" }],
  ])("%s: %s", (expected, _, changes) => {
    expect(isShown({ ...record, ...changes })).toBe(expected);
  });
});

it("a decision for programs is one JSON object with the whole record", () => {
  expect(JSON.parse(decisionLine("json", record, plain))).toEqual({ time: time.toISOString(), ...record });
});
