import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { errorCode } from "./error-code.js";

describe("errorCode", () => {
  it("is the code of what Node throws", async () => {
    const error: unknown = await readFile(new URL("no-such-file", import.meta.url)).catch(
      (reason: unknown) => reason,
    );
    expect(errorCode(error)).toBe("ENOENT");
  });

  it.each([
    ["an error without one", new Error("no")],
    ["a DOMException, whose code is a number", new DOMException("no", "AbortError")],
    ["something that is no error", { code: "ENOENT" }],
    ["a text", "ENOENT"],
    ["nothing", undefined],
    ["null", null],
  ])("is undefined for %s", (_what, error) => {
    expect(errorCode(error)).toBeUndefined();
  });
});
