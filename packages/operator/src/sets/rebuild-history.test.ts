import { describe, expect, it } from "vitest";
import { historyChanges, readHistory } from "./rebuild-history.js";

const key = "cocoonset.cocoonstack.io/rebuild-history";
const entry = { count: 2, lastDeleted: "2026-03-01T11:59:59.123456789Z", uid: "" };

describe("the history of rebuilds", () => {
  it("reads what other operators wrote, with nanoseconds and without the pod", () => {
    const text = '{"3":{"count":2,"lastDeleted":"2026-03-01T11:59:59.123456789Z"}}';
    expect(readHistory({ [key]: text })).toEqual(new Map([["3", entry]]));
  });

  it.each(["", "null", "{", "[]", '{"3":null}', '{"3":{"count":"2","lastDeleted":""}}'])(
    "is empty for %j",
    (text) => {
      expect(readHistory({ [key]: text }).size).toBe(0);
    },
  );

  it("drops the entries of what is not wanted any more with each write", () => {
    const history = new Map([
      ["3", entry],
      ["1", entry],
      ["db", entry],
    ]);
    const changes = historyChanges(history, new Map([["1", null]]), (slot) => slot !== "3");
    expect(changes).toEqual({ [key]: JSON.stringify({ db: entry }) });
    expect(historyChanges(new Map([["1", entry]]), new Map([["1", null]]), () => true)).toEqual({
      [key]: null,
    });
  });
});
