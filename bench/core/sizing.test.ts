import { describe, expect, it } from "vitest";
import { sizingTable } from "./sizing.js";

describe("sizingTable", () => {
  it("adds up what the requests of a second cost", () => {
    const { rows } = sizingTable(() => 1000, 80) ?? { rows: [] };
    expect(rows.find(([what]) => what === "together")).toEqual(["together", "", "0.73"]);
    expect(rows.at(-1)).toEqual(["replicas, at half a core each and one to spare", "80.0 MB each", "3"]);
  });

  it("never says fewer than two replicas, of which one may go at any time", () => {
    expect(
      sizingTable(() => 1, 80)
        ?.rows.at(-1)
        ?.at(-1),
    ).toBe("2");
  });

  it("says nothing where a request was not measured", () => {
    expect(sizingTable(() => undefined, undefined)).toBeUndefined();
  });
});
