import { describe, expect, it } from "vitest";
import { reasons } from "../policy/index.js";
import { rules } from "./rules.js";

describe("the rules", () => {
  it("hold every reason for which the webhook refuses, in its words", () => {
    expect(rules).toMatchObject(
      Object.fromEntries(Object.entries(reasons.deny).map(([reason, title]) => [reason, { title }])),
    );
  });
});
