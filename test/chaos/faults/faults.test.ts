import { describe, expect, it } from "vitest";
import { faults } from "./index.js";

// Each has a webhook of its own, and most of them wait for it.
describe.concurrent("when something fails", { timeout: 90_000 }, () => {
  it.each(faults)("$name: $stated", async ({ bring, fits }) => {
    const { got } = await bring();
    expect(got).toMatch(fits);
  });
});
