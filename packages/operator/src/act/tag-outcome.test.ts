import { RegistryError, type RegistryErrorKind } from "@cocoonstack/registry";
import { describe, expect, it } from "vitest";
import { tagOutcomeOf } from "./tag-outcome.js";

describe("a change of a tag", () => {
  it("is planned anew where the tag is another one by now", () => {
    expect(tagOutcomeOf(new RegistryError("changed", "it has another digest"))).toEqual({
      kind: "stale",
      why: "it has another digest",
    });
  });

  it.each<RegistryErrorKind>(["unsupported", "denied", "unauthorized", "rejected"])(
    "is refused: %s",
    (kind) => {
      const error = new RegistryError(kind, "no");
      expect(tagOutcomeOf(error)).toEqual({ kind: "failed", error, isRefused: true });
    },
  );

  it.each<RegistryErrorKind>([
    "unavailable",
    "circuit-open",
    "timeout",
    "tls",
    "credentials",
    "not-found",
    "malformed",
    "corrupt",
    "too-large",
    "invalid",
    "aborted",
    "closed",
  ])("has failed, and may be done the next time: %s", (kind) => {
    const error = new RegistryError(kind, "not now");
    expect(tagOutcomeOf(error)).toEqual({ kind: "failed", error });
  });

  it("has failed where nobody knows why", () => {
    expect(tagOutcomeOf("no error at all")).toMatchObject({
      kind: "failed",
      error: { message: "no error at all" },
    });
  });
});
