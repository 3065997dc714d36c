import { describe, expect, it } from "vitest";
import { Reached } from "./reached.js";

describe("Reached", () => {
  it("gives when the last of all was first seen", async () => {
    const reached = new Reached();
    const both = reached.until(["a", "b"]);
    reached.mark("b");
    reached.mark("a");
    const atMs = performance.now();
    expect(await both).toBeLessThanOrEqual(atMs);
    reached.mark("a");
    expect(await reached.until(["a"])).toBeLessThanOrEqual(atMs);
  });

  it("says what did not come", async () => {
    const reached = new Reached();
    reached.mark("a");
    await expect(reached.until(["a", "b"], 1)).rejects.toThrow("1 of 2 did not come within 0.001 s: b");
  });
});
