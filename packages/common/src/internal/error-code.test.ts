import { describe, expect, it } from "vitest";
import { errorCode } from "./error-code.js";

describe("errorCode", () => {
  it.each([
    [Object.assign(new Error("gone"), { code: "ENOENT" }), "ENOENT"],
    [Object.assign(new Error("status"), { code: 404 }), undefined],
    [new Error("plain"), undefined],
    [{ code: "ENOENT" }, undefined],
    ["ENOENT", undefined],
    [undefined, undefined],
  ])("of %s is %s", (error, code) => {
    expect(errorCode(error)).toBe(code);
  });
});
