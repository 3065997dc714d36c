import { expect, it } from "vitest";
import { stepsOf } from "./field-path.js";

it.each([
  ["", []],
  ["spec", ["spec"]],
  ["spec.toolboxes[12].name", ["spec", "toolboxes", "12", "name"]],
  ["metadata.labels[app.kubernetes.io/name]", ["metadata", "labels", "app.kubernetes.io/name"]],
])("%j is %j", (field, steps) => {
  expect(stepsOf(field)).toEqual(steps);
});
