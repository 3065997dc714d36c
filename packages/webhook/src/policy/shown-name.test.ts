import { describe, expect, it } from "vitest";
import { admissionRequest, scaleRequest } from "../../../../test/support/admission-request.js";
import { cocoonSet, hibernation, pod, workload } from "../../../../test/support/objects.js";
import { recordOf } from "../admission/decision-record.js";
import { decideCocoonSet } from "./cocoonset.js";
import type { Decision } from "./decision.js";
import { judgeHibernation } from "./hibernation.js";
import { decidePodCreate } from "./pod.js";
import { judgeScale } from "./scale.js";
import { shownName } from "./shown-name.js";
import { decideWorkloadUpdate } from "./workload.js";

describe("shownName", () => {
  it("is the name, and of one that is longer than names may be its beginning and end", () => {
    expect(shownName("a".repeat(253))).toBe("a".repeat(253));
    expect(shownName(`begin${"a".repeat(1_000_000)}end`)).toMatch(/^begina{100,}\.\.\.a+end$/);
    expect(shownName("a".repeat(254))).toHaveLength(253);
  });
});

const long = "x".repeat(1_000_000);
const overrides = {
  name: long,
  namespace: long,
  userInfo: { username: long, uid: long, groups: [long] },
};

/** What a scale-down is told while its parent is unknown, and a hibernation while the others are. */
function scaleDown(): Decision {
  const verdict = judgeScale(scaleRequest("deployments", 3, 1, overrides));
  return verdict.needs === "parent" ? verdict.decide({ result: "unavailable", why: "x" }) : verdict.decision;
}

function hibernate(podName: string, existing: readonly unknown[]): Decision {
  const request = admissionRequest("CocoonHibernation", {
    ...overrides,
    object: hibernation(long, podName),
  });
  const verdict = judgeHibernation(request);
  return verdict.needs === "nothing"
    ? verdict.decision
    : verdict.decide({ result: "listed", items: existing });
}

const update = {
  ...overrides,
  operation: "UPDATE" as const,
  oldObject: workload("Deployment", long, 2),
  object: workload("Deployment", long, 1),
};

it.each<[string, () => Decision]>([
  [
    "a stray pod",
    () => decidePodCreate(admissionRequest("Pod", { ...overrides, object: pod(long) }), everybody),
  ],
  ["a pod of an unknown user", () => decidePodCreate(ownedPod(), { podCreators: new Set() })],
  ["a scale-down", () => decideWorkloadUpdate(admissionRequest("Deployment", update))],
  ["a scale-down that cannot be checked", scaleDown],
  [
    "an invalid CocoonSet",
    () => decideCocoonSet(admissionRequest("CocoonSet", { ...overrides, object: cocoonSet(long, {}) })),
  ],
  ["a hibernation of another name", () => hibernate(`${long}y`, [])],
  ["a second hibernation", () => hibernate(long, [hibernation(`${long}z`, long)])],
  [
    "a hibernation beside one that cannot be read",
    () => hibernate(long, [{ metadata: { name: `${long}z` } }]),
  ],
])("however long the names in a request are, the refusal stays short: %s", (_, decide) => {
  const decision = decide();
  expect(["deny", "error"]).toContain(decision.outcome);
  expect(JSON.stringify(decision).length).toBeLessThan(4_000);
  const record = recordOf(
    "mutate",
    { ...admissionRequest("Pod", overrides), uid: long, subResource: long },
    decision,
  );
  expect(JSON.stringify(record).length).toBeLessThan(6_000);
});

const everybody = { podCreators: undefined };

const ownedPod = (): ReturnType<typeof admissionRequest> =>
  admissionRequest("Pod", {
    ...overrides,
    object: pod(long, {
      ownerReferences: [
        { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "a", uid: "b" },
      ],
    }),
  });

it("is how the log shows a prefix that stands for a name", () => {
  const request = admissionRequest("Pod", { name: "", object: pod("", { generateName: long }) });
  expect(recordOf("mutate", request, decidePodCreate(request, everybody)).generateName).toHaveLength(253);
});
