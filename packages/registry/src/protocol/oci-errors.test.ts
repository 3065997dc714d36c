import { describe, expect, it } from "vitest";
import { inOneLine, ociErrors, sayAbsence } from "./oci-errors.js";

const body = (errors: unknown): Buffer => Buffer.from(JSON.stringify({ errors }));

describe("ociErrors", () => {
  it("reads codes and messages", () => {
    expect(ociErrors(body([{ code: "DENIED", message: "no", detail: {} }, { code: "X" }]))).toEqual([
      { code: "DENIED", message: "no" },
      { code: "X", message: "" },
    ]);
  });

  it.each([
    Buffer.from("<html>"),
    Buffer.alloc(0),
    body("x"),
    body([null, 1, { message: "x" }]),
    Buffer.from("[]"),
  ])("finds none in %s", (bytes) => {
    expect(ociErrors(bytes)).toEqual([]);
  });
});

describe("sayAbsence", () => {
  it.each([
    ["MANIFEST_UNKNOWN", true],
    ["NAME_UNKNOWN", true],
    ["DENIED", false],
  ])("of %s is %j", (code, expected) => {
    expect(sayAbsence([{ code, message: "" }])).toBe(expected);
  });
});

describe("inOneLine", () => {
  it("is one line without control characters, and not longer than anybody reads", () => {
    const text = inOneLine([
      { code: "A", message: "b\n\u001b[31mc" },
      { code: "D", message: "e".repeat(500) },
    ]);
    expect(text).toMatch(/^A: b \[31mc; D: e+…$/);
    expect(text.length).toBeLessThan(210);
  });
});
