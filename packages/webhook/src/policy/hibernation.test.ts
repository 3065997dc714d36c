import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import type { Decision } from "./decision.js";
import { type HibernationsLookup, judgeHibernation } from "./hibernation.js";

const hibernation = (name: string, podName: unknown = name, metadata: object = {}): object => ({
  metadata: { name, namespace: "prod", ...metadata },
  spec: { podRef: { name: podName }, desire: "Hibernate" },
});
const request = (object: unknown, overrides = {}): Parameters<typeof judgeHibernation>[0] =>
  admissionRequest("CocoonHibernation", { name: "demo-0", object, ...overrides });

const listed = (...items: unknown[]): HibernationsLookup => ({ result: "listed", items });
function decideWith(lookup: HibernationsLookup): Decision {
  const verdict = judgeHibernation(request(hibernation("demo-0")));
  if (verdict.needs === "nothing") throw new Error("decided without the list");
  expect(verdict.namespace).toBe("prod");
  return verdict.decide(lookup);
}
/** What is decided without looking at others. */
function settled(object: unknown, overrides = {}): Decision {
  const verdict = judgeHibernation(request(object, overrides));
  if (verdict.needs !== "nothing") throw new Error("asked for the list");
  return verdict.decision;
}

const subject = { group: "cocoonset.cocoonstack.io", kind: "CocoonHibernation", name: "demo-0" };

describe("judgeHibernation", () => {
  it("allows the only one for its pod", () => {
    expect(decideWith(listed(hibernation("demo-1"), hibernation("other", "db")))).toEqual({
      outcome: "allow",
      reason: "sole-hibernation",
    });
  });

  it("refuses a name that is not the pod's", () => {
    expect(settled(hibernation("demo-0", "web-0"))).toMatchObject({
      outcome: "deny",
      reason: "name-differs",
      invalid: {
        subject,
        violations: [
          {
            field: "spec.podRef.name",
            kind: "FieldValueInvalid",
            message:
              'names pod "web-0", while this CocoonHibernation is called "demo-0": a CocoonHibernation bears the name of its ' +
              'pod, so that there is only one for each; set metadata.name to "web-0"',
          },
        ],
      },
    });
  });

  it("takes the name from the metadata where the request has none, as with generateName", () => {
    expect(settled(hibernation("demo-x7k2p", "demo-0"), { name: "" })).toMatchObject({
      reason: "name-differs",
      invalid: { subject: { name: "demo-x7k2p" } },
    });
  });

  it.each([
    [
      "live",
      {},
      'speaks for pod "demo-0" already: set its spec.desire instead, or delete it and wait until it is gone',
    ],
    [
      "terminating",
      { deletionTimestamp: "2026-01-01T00:00:00Z" },
      'speaks for pod "demo-0" already and is still being deleted: wait until it is gone',
    ],
  ])("refuses a second one while a %s one names the pod", (_, metadata, message) => {
    expect(decideWith(listed(hibernation("demo-1"), hibernation("old", "demo-0", metadata)))).toMatchObject({
      outcome: "deny",
      reason: "second-hibernation",
      invalid: {
        subject,
        violations: [
          {
            field: "spec.podRef.name",
            kind: "FieldValueDuplicate",
            message: `CocoonHibernation "old" ${message}`,
          },
        ],
      },
    });
  });

  it("leaves one of the same name to the API server, which says that it exists", () => {
    expect(decideWith(listed(hibernation("demo-0")))).toMatchObject({ reason: "sole-hibernation" });
  });

  it.each([
    ["no spec", { metadata: { name: "odd" } }, "CocoonHibernation prod/odd"],
    ["no pod", { metadata: { name: "odd" }, spec: { podRef: {} } }, "CocoonHibernation prod/odd"],
    ["a pod that is no text", hibernation("odd", 7), "CocoonHibernation prod/odd"],
    ["an empty pod", hibernation("odd", ""), "CocoonHibernation prod/odd"],
    ["no name", { spec: { podRef: { name: "x" } } }, "a CocoonHibernation in prod"],
    ["nothing", null, "a CocoonHibernation in prod"],
  ])("never skips one that cannot be read: %s", (_, item, which) => {
    const decision = decideWith(listed(item, hibernation("demo-1")));
    expect(decision).toEqual({
      outcome: "error",
      reason: "hibernation-unreadable",
      message:
        `${which} does not say by spec.podRef.name which pod it speaks for, so whether that is pod "demo-0" cannot be known: ` +
        "delete it, and try again",
    });
  });

  it.each<[HibernationsLookup, string, RegExp]>([
    [
      { result: "unavailable", why: "the API server answered 500" },
      "hibernations-unavailable",
      /^CocoonHibernation prod\/demo-0 cannot be created now: .*answered 500\); try again$/,
    ],
    [{ result: "no-cluster" }, "no-cluster", /runs without one \(--standalone\)$/],
  ])("refuses where the others cannot be seen: %j", (lookup, reason, message) => {
    expect(decideWith(lookup)).toMatchObject({
      outcome: "error",
      reason,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([null, {}, { spec: {} }, { spec: { podRef: {} } }, { spec: { podRef: { name: 1 } } }])(
    "refuses what names no pod: %j",
    (object) => {
      expect(settled(object)).toMatchObject({ outcome: "deny", reason: "undecodable" });
    },
  );

  it("does not judge other operations or kinds", () => {
    expect(settled(hibernation("a", "b"), { operation: "UPDATE" })).toMatchObject({
      reason: "operation-exempt",
    });
    expect(settled(hibernation("a", "b"), admissionRequest("Pod"))).toMatchObject({ reason: "other-kind" });
  });

  it("allows exactly the one that bears its pod's name, which no other names", () => {
    const name = fc.constantFrom("a", "b", "c");
    fc.assert(
      fc.property(name, name, fc.array(fc.tuple(name, name)), (own, podName, existing) => {
        const verdict = judgeHibernation(request(hibernation(own, podName), { name: own }));
        const items = existing.map(([other, otherPod]) => hibernation(other, otherPod));
        const decision = verdict.needs === "nothing" ? verdict.decision : verdict.decide(listed(...items));
        const others = existing.filter(([other]) => other !== own);
        const isSole = others.every(([, otherPod]) => otherPod !== podName);
        expect(decision.outcome).toBe(own === podName && isSole ? "allow" : "deny");
      }),
    );
  });
});
