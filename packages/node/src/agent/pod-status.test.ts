import { describe, expect, it } from "vitest";
import type { Pod } from "./pod.js";
import { statusPatch } from "./pod-status.js";

const old = "2026-01-01T00:00:00Z";
const pod = (status: Pod["status"] = null): Pod => ({
  metadata: { namespace: "shop", name: "demo-0", uid: "u", resourceVersion: "1" },
  spec: { containers: [{ name: "agent", image: "placeholder" }] },
  status,
});
const vm = { name: "vk-shop-demo-0", id: "v", ip: "10.0.0.7" };

describe("statusPatch", () => {
  it("of a VM that runs has its address, and one container for each of the pod's", () => {
    expect(statusPatch(pod(), { as: "running", isReady: true }, vm)).toMatchObject({
      phase: "Running",
      reason: null,
      podIP: "10.0.0.7",
      podIPs: [{ ip: "10.0.0.7" }],
      conditions: [
        { type: "Initialized", status: "True" },
        { type: "Ready", status: "True" },
      ],
      containerStatuses: [{ name: "agent", image: "placeholder", ready: true, state: { running: {} } }],
    });
  });

  it("keeps the start, and the times of conditions that are as they were", () => {
    const conditions = ["Initialized", "Ready"].map((type) => ({
      type,
      status: "True",
      lastTransitionTime: old,
    }));
    const before = pod({ startTime: old, conditions });
    const { startTime, conditions: after } = statusPatch(before, { as: "running", isReady: false }, vm);
    expect(startTime).toBe(old);
    expect(after).toEqual([
      { type: "Initialized", status: "True", lastTransitionTime: old },
      { type: "Ready", status: "False", lastTransitionTime: expect.not.stringMatching(old) as string },
    ]);
  });

  it("of a VM without an address takes the old one away", () => {
    const patch = statusPatch(pod(), { as: "running", isReady: false }, { ...vm, ip: "" });
    expect(patch).toMatchObject({ podIP: null, podIPs: null });
  });

  it("of a VM that sleeps leaves nothing but the phase", () => {
    const { phase, ...rest } = statusPatch(pod({ startTime: old }), { as: "asleep" }, undefined);
    expect(phase).toBe("Pending");
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
    expect(Object.keys(rest)).toEqual(
      expect.arrayContaining(["podIP", "podIPs", "conditions", "containerStatuses", "startTime"]),
    );
  });

  it("of a failure says why, and leaves the containers that there are", () => {
    expect(statusPatch(pod(), { as: "provider-failed", message: "no room" }, undefined)).toEqual({
      phase: "Pending",
      reason: "ProviderFailed",
      message: "no room",
    });
  });

  it("of a lost VM has ended", () => {
    expect(statusPatch(pod(), { as: "lost", reason: "VMGone" }, undefined)).toMatchObject({
      phase: "Failed",
      reason: "VMGone",
      conditions: [{ type: "Initialized" }, { type: "Ready", status: "False" }],
      containerStatuses: [{ ready: false, state: { terminated: { reason: "VMGone" } } }],
    });
  });
});
