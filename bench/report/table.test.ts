import { describe, expect, it } from "vitest";
import { markdownOf } from "./table.js";

describe("markdownOf", () => {
  it("says of each target whether it is met, and by how much it is missed", () => {
    const target = (name: string, measured: number, wanted: { atLeast: number } | { atMost: number }) => ({
      name,
      measured,
      wanted,
    });
    const text = markdownOf("Speed", {
      tables: [],
      targets: [
        target("fast", 0.95, { atLeast: 0.9 }),
        target("slow", 0.45, { atLeast: 0.9 }),
        target("lean", 1, { atMost: 1.15 }),
        target("fat", 2.3, { atMost: 1.15 }),
      ],
      data: undefined,
    });
    const rows = text.split("\n").filter((line) => /^\| (fast|slow|lean|fat) /.test(line));
    const verdicts = rows.map((row) => row.split("|").map((cell) => cell.trim()));
    expect(verdicts.map((cells) => [cells[1], cells[4]])).toEqual([
      ["fast", "met"],
      ["slow", "missed by 100 %"],
      ["lean", "met"],
      ["fat", "missed by 100 %"],
    ]);
  });

  it("lines its columns up", () => {
    const text = markdownOf("Speed", {
      tables: [{ title: "T", columns: ["a", "b"], rows: [["long name", "1"]] }],
      targets: [],
      data: undefined,
    });
    expect(text).toContain("| a         |   b |\n| --------- | --: |\n| long name |   1 |");
  });
});
