import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.js";

describe("the arguments of npm run soak", () => {
  it("are the whole where nothing is given", () => {
    expect(readArguments([])).toMatchObject({ questions: 200_000, restarts: 20, minutes: 60 });
  });

  it.each([
    [["--questions", "0"], { questions: 0, minutes: 60 }],
    [["--minutes", "0"], { questions: 200_000, minutes: 0 }],
  ])("leave one part out: %j", (args, expected) => {
    expect(readArguments(args)).toMatchObject(expected);
  });

  it.each([
    [["--questions", "0", "--minutes", "0"], "nothing is done: ask for one of them"],
    [["--minutes", "1h"], '--minutes takes a whole number, not "1h"'],
    [["--fast"], "Unknown option '--fast'"],
  ])("that cannot be used are refused: %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });
});
