import { describe, expect, it } from "vitest";
import { environmentOf, readArguments, readEnvironment } from "./arguments.js";

describe("the arguments of npm run kill-anywhere", () => {
  it("reach the test as they were given", () => {
    const asked = readArguments(["--moments", "7", "--only", "wake,delete", "--seed", "0"]);
    expect(asked).toMatchObject({ moments: 7, only: ["wake", "delete"], sets: 2, minutes: 40, seed: 0 });
    expect(readEnvironment(environmentOf(asked))).toEqual(asked);
  });

  it("are short where nothing was given", () => {
    expect(readEnvironment({})).toMatchObject({ moments: 2, only: ["suspend", "wake", "scale", "delete"] });
  });

  it.each([
    [["--moments", "0"], "--moments 0: write a whole number, at least 1"],
    [["--seed", "x"], "--seed x: write a whole number, at least 0"],
    [["--only", "wake,sleep"], "--only: there is no act sleep; there are suspend, wake, scale, delete"],
    [["--fast"], "Unknown option '--fast'"],
  ])("that cannot be used are named: %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });
});
