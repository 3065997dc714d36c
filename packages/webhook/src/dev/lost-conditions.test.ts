import { expect, it } from "vitest";
import { lostConditions } from "./lost-conditions.js";

const conditions = [{ name: "is-probe", expression: "true" }];
const sent = { webhooks: [{ name: "a", matchConditions: conditions }, { name: "b" }] };

it("names entries that were stored without their conditions, or not at all", () => {
  expect(lostConditions(sent, sent)).toEqual([]);
  expect(lostConditions(sent, { webhooks: [{ name: "a" }, { name: "b" }] })).toEqual(["a"]);
  expect(lostConditions(sent, { webhooks: [] })).toEqual(["a"]);
});
