import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scaleRequest } from "../../../../test/support/admission-request.js";
import type { Decision } from "./decision.js";
import { isScale, judgeScale, type ParentLookup } from "./scale.js";

const workload = (tolerations: unknown): unknown => ({ spec: { template: { spec: { tolerations } } } });
const cocoon = workload([{ key: "virtual-kubelet.io/provider" }]);

function decideWith(lookup: ParentLookup, request = scaleRequest("deployments", 3, 1)): Decision {
  const verdict = judgeScale(request);
  if (verdict.needs === "nothing") throw new Error("decided without the parent");
  return verdict.decide(lookup);
}

describe("judgeScale", () => {
  it("asks for the parent of a scale-down, at the version of the review", () => {
    expect(judgeScale(scaleRequest("statefulsets", 3, 1))).toMatchObject({
      needs: "parent",
      parent: {
        group: "apps",
        version: "v1",
        resource: "statefulsets",
        namespace: "prod",
        name: "demo",
        resourceVersion: "234",
      },
    });
  });

  it.each([
    [1, 3],
    [2, 2],
    [0, 0],
  ])("allows %s to %s without asking for anything", (before, after) => {
    expect(judgeScale(scaleRequest("deployments", before, after))).toEqual({
      needs: "nothing",
      decision: { outcome: "allow", reason: "no-scale-down" },
    });
  });

  it("reads an absent number as 0: the API server omits zero", () => {
    expect(
      decideWith({ result: "found", workload: cocoon }, scaleRequest("deployments", 2, 0)),
    ).toHaveProperty("message", expect.stringContaining("from 2 to 0 replicas"));
  });

  it("names the workload's kind, not Scale", () => {
    const found: ParentLookup = { result: "found", workload: cocoon };
    expect(decideWith(found)).toMatchObject({
      outcome: "deny",
      reason: "scale-down",
      message: expect.stringMatching(
        /^Deployment prod\/demo cannot be scaled from 3 to 1 replicas: /,
      ) as string,
    });
    expect(decideWith(found, scaleRequest("statefulsets", 3, 1))).toHaveProperty(
      "message",
      expect.stringMatching(/^StatefulSet prod\/demo /),
    );
  });

  it("allows where the parent is no cocoon workload, or is gone", () => {
    expect(decideWith({ result: "found", workload: workload([]) })).toMatchObject({ reason: "not-cocoon" });
    expect(decideWith({ result: "not-found" })).toMatchObject({ outcome: "allow", reason: "parent-gone" });
  });

  it.each<[ParentLookup, string, RegExp]>([
    [
      { result: "unavailable", why: "the API server answered 500" },
      "parent-unavailable",
      /answered 500\); try again$/,
    ],
    [
      { result: "found", workload: { spec: {} } },
      "parent-unavailable",
      /holds no pod template\); try again$/,
    ],
    [{ result: "no-cluster" }, "no-cluster", /runs without one \(--standalone\)$/],
  ])("refuses where the check cannot be made: %j", (lookup, reason, message) => {
    expect(decideWith(lookup)).toMatchObject({
      outcome: "error",
      reason,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ["no object", { object: null }],
    ["a spec that is no object", { oldObject: { spec: 3 } }],
    ["replicas that are no number", { object: { spec: { replicas: "1" } } }],
  ])("skips what is no Scale: %s", (_, overrides) => {
    expect(judgeScale(scaleRequest("deployments", 3, 1, overrides))).toMatchObject({
      decision: { outcome: "skip", reason: "unreadable" },
    });
  });

  it("skips the scale of what it does not guard, and other operations", () => {
    expect(judgeScale(scaleRequest("widgets", 3, 1))).toMatchObject({ decision: { reason: "other-kind" } });
    const foreign = { resource: { group: "example.com", version: "v1", resource: "deployments" } };
    expect(judgeScale(scaleRequest("deployments", 3, 1, foreign))).toMatchObject({
      decision: { reason: "other-kind" },
    });
    expect(judgeScale(scaleRequest("deployments", 3, 1, { operation: "CREATE" }))).toMatchObject({
      decision: { reason: "operation-exempt" },
    });
  });

  it("refuses exactly fewer replicas of a workload that has the toleration, or may have it", () => {
    const lookups = fc.constantFrom<ParentLookup>(
      { result: "found", workload: cocoon },
      { result: "found", workload: workload([{ key: "other" }]) },
      { result: "not-found" },
      { result: "unavailable", why: "x" },
      { result: "no-cluster" },
    );
    const resources = fc.constantFrom("deployments", "statefulsets", "replicasets");
    fc.assert(
      fc.property(resources, fc.nat(5), fc.nat(5), lookups, (resource, before, after, lookup) => {
        const verdict = judgeScale(scaleRequest(resource, before, after));
        expect(verdict.needs).toBe(after < before ? "parent" : "nothing");
        const decision = verdict.needs === "parent" ? verdict.decide(lookup) : verdict.decision;
        const isHarmless =
          lookup.result === "not-found" || (lookup.result === "found" && lookup.workload !== cocoon);
        expect(["deny", "error"].includes(decision.outcome)).toBe(after < before && !isHarmless);
      }),
    );
  });

  it("knows ReplicationControllers by the core group", () => {
    const resource = { group: "", version: "v1", resource: "replicationcontrollers" };
    const request = scaleRequest("replicationcontrollers", 3, 1, { resource });
    expect(decideWith({ result: "found", workload: cocoon }, request)).toHaveProperty(
      "message",
      expect.stringMatching(/^ReplicationController prod\/demo cannot be scaled from 3 to 1/),
    );
  });
});

describe("isScale", () => {
  it("goes by the subresource, not by the kind", () => {
    expect(isScale(scaleRequest("deployments", 1, 1))).toBe(true);
    expect(isScale(scaleRequest("deployments", 1, 1, { subResource: "" }))).toBe(false);
  });
});
