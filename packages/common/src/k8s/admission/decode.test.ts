import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeReview } from "./decode.js";
import { admissionApiVersion, admissionKind } from "./types.js";

const review = (request: unknown): Buffer =>
  Buffer.from(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request }));

describe("decodeReview", () => {
  it("fills in what is absent or null, as Go does", () => {
    expect(
      decodeReview(review({ uid: "1", operation: "DELETE", name: null, kind: null, object: null })),
    ).toEqual({
      ok: true,
      request: {
        uid: "1",
        kind: { group: "", version: "", kind: "" },
        resource: { group: "", version: "", resource: "" },
        subResource: "",
        name: "",
        namespace: "",
        operation: "DELETE",
        userInfo: { username: "", uid: "", groups: [] },
        object: null,
        oldObject: undefined,
        dryRun: false,
      },
    });
  });

  it.each([
    [{ operation: "CREATE" }, "request.uid must not be empty"],
    [{ uid: 1, operation: "CREATE" }, "request: uid must be a string"],
    [{ uid: "1".repeat(257), operation: "CREATE" }, "request.uid must be at most 256 characters long"],
    [{ uid: "1" }, "request.operation must be CREATE, UPDATE, DELETE or CONNECT"],
    [{ uid: "1", operation: "CREATE", kind: "Pod" }, "request: kind must be an object"],
    [{ uid: "1", operation: "CREATE", kind: [] }, "request: kind must be an object"],
    [
      { uid: "1", operation: "CREATE", userInfo: { groups: [1] } },
      "request: groups must be a list of strings",
    ],
    [{ uid: "1", operation: "CREATE", dryRun: "yes" }, "request: dryRun must be true or false"],
  ])("finds the fault in %j", (request, message) => {
    expect(decodeReview(review(request))).toEqual({ ok: false, message });
  });

  it.each([
    [admissionApiVersion, admissionKind, true],
    ["admission.k8s.io/v1beta1", admissionKind, false],
    [admissionApiVersion, "Review", false],
  ])("of %s, %s is a review: %s", (apiVersion, kind, ok) => {
    const request = { uid: "1", operation: "CREATE" };
    expect(decodeReview(Buffer.from(JSON.stringify({ apiVersion, kind, request }))).ok).toBe(ok);
  });

  it("never throws, and never quotes what it got", () => {
    const marker = "zq7marker";
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.jsonValue().map((value) => review(value)),
      fc
        .dictionary(
          fc.constantFrom("uid", "operation", "kind", "userInfo", "name"),
          fc.constantFrom(marker, [marker], 1),
        )
        .map(review),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const decoded = decodeReview(body);
        if (!decoded.ok) expect(decoded.message).not.toContain(marker);
      }),
    );
  });
});
