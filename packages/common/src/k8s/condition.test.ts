import { describe, expect, it } from "vitest";
import type { Condition } from "../apis/v1/index.js";
import { conditionTypeReady, newReadyCondition, setStatusCondition } from "./condition.js";

const noon = new Date("2026-01-31T12:00:00.987Z");
const before = "2026-01-01T00:00:00Z";
const ready: Condition = {
  type: "Ready",
  status: "True",
  reason: "AllReady",
  message: "fine",
  observedGeneration: 3,
  lastTransitionTime: before,
};

it("a new Ready condition has no time, and a generation only where one is given", () => {
  expect(newReadyCondition("False", "Scaling", "")).toStrictEqual({
    type: "Ready",
    status: "False",
    reason: "Scaling",
    message: "",
  });
  expect(newReadyCondition("True", "AllReady", "fine", 3)).toStrictEqual({
    type: "Ready",
    status: "True",
    reason: "AllReady",
    message: "fine",
    observedGeneration: 3,
  });
});

it("the type of a Ready condition is the one that kubectl wait --for=condition=Ready looks for", () => {
  expect(conditionTypeReady).toBe("Ready");
  expect(newReadyCondition("True", "AllReady", "").type).toBe(conditionTypeReady);
});

describe("setStatusCondition", () => {
  it("adds a type that is not there yet, with the time to the second, and leaves the others alone", () => {
    const other: Condition = { ...ready, type: "Progressing" };
    const conditions = [other];
    expect(setStatusCondition(conditions, newReadyCondition("True", "AllReady", ""), noon)).toBe(true);
    expect(conditions).toStrictEqual([
      { ...ready, type: "Progressing" },
      {
        type: "Ready",
        status: "True",
        reason: "AllReady",
        message: "",
        lastTransitionTime: "2026-01-31T12:00:00Z",
      },
    ]);
  });

  it.each<[string, Partial<Condition>, boolean, Partial<Condition>]>([
    ["the same", {}, false, {}],
    ["another reason", { reason: "Other" }, true, { reason: "Other" }],
    ["another message", { message: "" }, true, { message: "" }],
    ["another generation", { observedGeneration: 4 }, true, { observedGeneration: 4 }],
    ["its own time, but the same status", { lastTransitionTime: "2026-02-02T00:00:00Z" }, false, {}],
    [
      "another status",
      { status: "Unknown" },
      true,
      { status: "Unknown", lastTransitionTime: "2026-01-31T12:00:00Z" },
    ],
    [
      "another status with its own time",
      { status: "False", lastTransitionTime: "2026-02-02T00:00:00Z" },
      true,
      { status: "False", lastTransitionTime: "2026-02-02T00:00:00Z" },
    ],
  ])("%s", (_name, fields, changed, result) => {
    const conditions = [structuredClone(ready)];
    const condition = { ...newReadyCondition("True", "AllReady", "fine", 3), ...fields };
    expect(setStatusCondition(conditions, condition, noon)).toBe(changed);
    expect(conditions).toStrictEqual([{ ...ready, ...result }]);
  });

  it("a generation that is not given any more goes, and 0 is the same as none", () => {
    const conditions = [structuredClone(ready)];
    const without = newReadyCondition("True", "AllReady", "fine");
    expect(setStatusCondition(conditions, without)).toBe(true);
    expect(conditions[0]).not.toHaveProperty("observedGeneration");
    expect(setStatusCondition(conditions, { ...without, observedGeneration: 0 })).toBe(false);
  });

  it("an empty time is none", () => {
    const conditions: Condition[] = [];
    setStatusCondition(conditions, { ...ready, lastTransitionTime: "" }, noon);
    expect(conditions[0]?.lastTransitionTime).toBe("2026-01-31T12:00:00Z");
  });
});

it("a time that is none is refused, where it would be written", () => {
  const never = new Date(NaN);
  expect(() => setStatusCondition([], newReadyCondition("True", "AllReady", "fine", 3), never)).toThrow(
    RangeError,
  );
  expect(setStatusCondition([{ ...ready }], newReadyCondition("True", "AllReady", "fine", 3), never)).toBe(
    false,
  );
});
