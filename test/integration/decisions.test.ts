import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RecordedDecision, recordedDecisions, recordedReviews } from "../support/data.js";
import { WebhookProcess } from "../support/webhook-process.js";

let webhook: WebhookProcess;
beforeAll(async () => {
  webhook = await WebhookProcess.start(["--standalone"]);
});
afterAll(() => webhook.stop());

/** Decisions that differ from the reference on purpose, by line of decisions.jsonl, each with its reason. */
const differences: ReadonlyMap<number, string> = new Map();

const refusals: Readonly<Record<string, object>> = {
  "/mutate": { code: 403, reason: "Forbidden" },
  "/validate": { code: 403, reason: "Forbidden" },
  "/validate-cocoonset": {
    code: 422,
    reason: "Invalid",
    details: {
      causes: expect.arrayContaining([
        expect.objectContaining({ field: expect.stringMatching(/^spec/) as string }),
      ]) as unknown,
    },
  },
};

describe("the decisions of the reference webhook", () => {
  const decisions = recordedDecisions();

  it("are 400", () => {
    expect(decisions).toHaveLength(400);
  });

  it.each(decisions.map((decision, index) => [index + 1, describeDecision(decision), decision] as const))(
    "line %i: %s",
    async (line, _, { path, allowed, review }) => {
      const expected = differences.has(line) ? !allowed : allowed;
      const response = await webhook.review(path, review);
      expect(response).toMatchObject({
        uid: review.request.uid,
        allowed: expected,
        // A refusal by a rule, never one by a failure.
        ...(expected ? {} : { status: refusals[path] }),
      });
      expect("status" in response).toBe(!expected);
    },
  );
});

function describeDecision({ path, allowed, review: { request } }: RecordedDecision): string {
  return `${path} ${request.operation} ${request.kind.kind} is ${allowed ? "allowed" : "refused"}`;
}

describe("reviews as a real API server sent them", () => {
  const expected: Readonly<Record<string, object>> = {
    "mutate-Pod-CREATE-main.json": { allowed: false, status: { code: 403, reason: "Forbidden" } },
    "mutate-Pod-UPDATE-main.json": { allowed: true },
    "validate-Deployment-UPDATE-main.json": { allowed: true },
    // Without a cluster, what needs one is refused.
    "validate-Scale-UPDATE-scale.json": { allowed: false, status: { code: 503 } },
    "validate-cocoonhibernation-CocoonHibernation-CREATE-main.json": {
      allowed: false,
      status: { code: 503 },
    },
    "validate-cocoonset-CocoonSet-CREATE-main.json": { allowed: true },
    "validate-cocoonset-CocoonSet-UPDATE-main.json": { allowed: true },
  };
  const reviews = recordedReviews();

  it("are all expected here", () => {
    expect(reviews.map(({ file }) => file).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(reviews.map((review) => [review.file, review] as const))("%s", async (file, { path, body }) => {
    expect(await webhook.review(path, body)).toMatchObject(expected[file] ?? {});
  });
});
