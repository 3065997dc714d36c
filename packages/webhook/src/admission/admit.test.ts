import type { AdmissionContext } from "@cocoonstack/common/k8s/admission";
import { Registry } from "prom-client";
import { describe, expect, it, vi } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { type Decision, fail, warn } from "../policy/index.js";
import { admit } from "./admit.js";
import { deadlineOf } from "./deadline.js";
import { AdmissionMetrics } from "./metrics.js";

const context: AdmissionContext = { receivedAtMs: performance.now(), timeoutMs: 5000 };

const cost = { message: "3 VMs go", wayOut: "keep them" };

/** An endpoint with this policy, and what was counted and logged. */
function endpointOf(decide: () => Decision) {
  const registry = new Registry();
  const log = { isLevelEnabled: () => true, debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const observers = { metrics: new AdmissionMetrics(registry), log: log as never };
  return { handler: admit({ path: "/x", handler: "x", decide }, observers), registry, log };
}

describe("admit", () => {
  it("refuses with 500 where a policy throws, and counts it as an error", async () => {
    const { handler, registry, log } = endpointOf(() => {
      throw new TypeError("secret internals");
    });
    const answer = await handler(admissionRequest("Pod"), context);
    expect(answer).toMatchObject({ allowed: false, status: { code: 500, reason: "InternalError" } });
    expect(JSON.stringify(answer)).not.toContain("secret internals");
    expect(log.error).toHaveBeenCalledOnce();
    expect(await registry.metrics()).toContain(
      'cocoon_webhook_admission_total{handler="x",result="error",reason="internal"} 1',
    );
    expect(await registry.metrics()).toContain("cocoon_webhook_admission_in_flight 0");
  });

  it("lets a request go on where only advice throws, and says so in metric and log", async () => {
    const registry = new Registry();
    const log = { isLevelEnabled: () => false, error: vi.fn() };
    const decide = (): Decision => {
      throw new TypeError("secret internals");
    };
    const handler = admit(
      { path: "/warn", handler: "warn", advisory: true, decide },
      { metrics: new AdmissionMetrics(registry), log: log as never },
    );
    expect(await handler(admissionRequest("Pod"), context)).toEqual({ allowed: true });
    expect(log.error).toHaveBeenCalledOnce();
    expect(await registry.metrics()).toContain(
      'cocoon_webhook_admission_total{handler="warn",result="skipped",reason="no-advice"} 1',
    );
  });

  it("passes warnings on", async () => {
    const { handler } = endpointOf(() => warn([cost]));
    expect(await handler(admissionRequest("Pod"), context)).toEqual({
      allowed: true,
      warnings: ["3 VMs go"],
    });
  });

  it("answers 503 where a check could not be made", async () => {
    const { handler, log } = endpointOf(() => fail("parent-unavailable", "try again"));
    expect(await handler(admissionRequest("Pod"), context)).toEqual({
      allowed: false,
      status: { message: "try again", code: 503, reason: "ServiceUnavailable" },
    });
    expect(log.warn).toHaveBeenCalledOnce();
  });
});

describe("onDecision", () => {
  const recordsOf = async (decision: Decision, request: Parameters<typeof admissionRequest>[1]) => {
    const onDecision = vi.fn();
    const log = { isLevelEnabled: () => false } as never;
    const observers = { metrics: new AdmissionMetrics(new Registry()), log, onDecision };
    await admit({ path: "/x", handler: "x", decide: () => decision }, observers)(
      admissionRequest("Pod", request),
      context,
    );
    return onDecision.mock.calls.flat() as unknown[];
  };

  it("is told of each decision whatever is logged, and never of the object", async () => {
    const object = { metadata: { name: "web-1" }, spec: { containers: [{ env: "secret" }] } };
    const records = await recordsOf(warn([cost]), { object, oldObject: object });
    expect(records).toEqual([
      expect.objectContaining({ result: "allow", reason: "warned", warnings: ["3 VMs go"], kind: "Pod" }),
    ]);
    expect(JSON.stringify(records)).not.toContain("secret");
  });

  it.each([
    [{ generateName: "web-" }, { generateName: "web-" }],
    [{ generateName: 7 }, {}],
    [null, {}],
  ])("is told what a name will begin with, where there is none yet: %j", async (metadata, told) => {
    const [record] = await recordsOf(fail("internal", "why"), { name: "", object: { metadata } });
    expect(record).toMatchObject({ name: "", message: "why", ...told });
    expect(Object.hasOwn(record as object, "generateName")).toBe("generateName" in told);
  });
});

describe("deadlineOf", () => {
  it("leaves half a second of the caller's time for the way back", () => {
    expect(deadlineOf({ receivedAtMs: 1000, timeoutMs: 5000 })).toBe(5500);
    expect(deadlineOf({ receivedAtMs: 1000, timeoutMs: undefined })).toBe(5500);
  });

  it("leaves time for the work even where there is hardly any", () => {
    expect(deadlineOf({ receivedAtMs: 0, timeoutMs: 600 })).toBe(300);
  });
});
