import { describe, expect, it } from "vitest";
import { ApiError, apiErrorOf } from "./api-error.js";

const answer = (status: number, body: unknown): Parameters<typeof apiErrorOf>[1] => ({
  status,
  headers: {},
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});

describe("apiErrorOf", () => {
  it("says in one line what was asked and what the API server answers", () => {
    const status = {
      kind: "Status",
      reason: "Conflict",
      message: "changed\nmeanwhile",
      details: { name: "demo" },
    };
    const error = apiErrorOf("PATCH /api/v1/x", answer(409, status));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 409,
      reason: "Conflict",
      details: { name: "demo" },
      message: "PATCH /api/v1/x: Conflict (status 409): changed meanwhile",
    });
  });

  it.each([
    ["7", 7_000],
    ["0", 0],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    [undefined, undefined],
  ])("reads Retry-After: %s", (header, retryAfterMs) => {
    const headers: Record<string, string> = header === undefined ? {} : { "retry-after": header };
    for (const body of [{ kind: "Status", reason: "TooManyRequests" }, "Too many requests"]) {
      expect(apiErrorOf("GET /x", { ...answer(429, body), headers })).toMatchObject({ retryAfterMs });
    }
  });

  it("fills in what a Status leaves out", () => {
    expect(apiErrorOf("GET /x", answer(500, { kind: "Status", details: 1 }))).toMatchObject({
      reason: "Unknown",
      details: {},
      message: "GET /x: Unknown (status 500): it does not say why",
    });
  });

  it.each(["<html>secret words</html>", { kind: "Pod" }, "[]", ""])(
    "repeats nothing of another answer: %j",
    (body) => {
      const error = apiErrorOf("GET /x", answer(502, body));
      expect(error).toMatchObject({
        status: 502,
        reason: "",
        message: "GET /x: status 502, and not from the API server",
      });
    },
  );
});
