import { describe, expect, it } from "vitest";
import { setView } from "../../../../test/support/operator/objects.js";
import { namesOf } from "./names.js";

const withToolboxes = (...names: readonly string[]): ReturnType<typeof namesOf> =>
  namesOf(setView({ spec: { toolboxes: names.map((name) => ({ name, image: "a" })) } }));

describe("namesOf", () => {
  it("finds nothing wrong with good names", () => {
    expect(withToolboxes("db", "t-0", "x".repeat(63))).toMatchObject({ isUsable: true, troubles: [] });
  });

  it.each([
    [
      ["7", "db"],
      ["db"],
      "ToolboxNameReserved",
      'toolbox "7" is not created, because its name stands for the slot of an agent: give it a name with a letter',
    ],
    [
      ["db", "db"],
      ["db"],
      "ToolboxNameRepeated",
      "spec.toolboxes has the name db more than once, and only the first counts: rename or remove the others",
    ],
    [
      ["x".repeat(64)],
      [],
      "NameTooLong",
      `toolbox ${"x".repeat(64)} is not created, because its name has 64 characters and a label holds 63: shorten it`,
    ],
  ])("leaves out of %j all but %j", (names, usable, reason, message) => {
    const found = withToolboxes(...names);
    expect(found.toolboxes.map(({ name }) => name)).toEqual(usable);
    expect(found.troubles).toEqual([{ condition: "Blocked", reason, message }]);
    expect(found.isUsable).toBe(true);
  });

  it("refuses a set whose name does not fit into a label", () => {
    const { isUsable, troubles } = namesOf(setView({ metadata: { name: "x".repeat(64) } }));
    expect(isUsable).toBe(false);
    expect(troubles).toMatchObject([{ condition: "Blocked", reason: "NameTooLong" }]);
  });
});
