import { beforeAll, describe, expect, it } from "vitest";
import { advance, begin } from "./advance.js";
import { nextStep, type RenewalPolicy } from "./next-step.js";
import { bundleOf, certificateOf, type TlsState } from "./tls-state.js";

const hourMs = 3_600_000;
const policy: RenewalPolicy = {
  names: ["cocoon-webhook.cocoon-system.svc", "127.0.0.1"],
  leafLifetimeMs: 90 * hourMs,
  authorityLifetimeMs: 900 * hourMs,
  settleMs: 60_000,
};
const start = new Date("2026-01-01T00:00:00Z");
const after = (hours: number): Date => new Date(start.getTime() + hours * hourMs);

let fresh: TlsState;
beforeAll(async () => {
  fresh = await begin(policy, start);
});

describe("nextStep", () => {
  it("begins where there is nothing, or all has expired", () => {
    expect(nextStep(undefined, policy, { now: start, publishedForMs: undefined })).toBe("begin");
    expect(nextStep(fresh, policy, { now: after(901), publishedForMs: 1e9 })).toBe("begin");
  });

  it("leaves a fresh state alone", () => {
    expect(nextStep(fresh, policy, { now: after(59), publishedForMs: 1e9 })).toBe("nothing");
  });

  it("renews the leaf with a third of its life left, or when it lacks a name", () => {
    expect(nextStep(fresh, policy, { now: after(61), publishedForMs: undefined })).toBe("renew-leaf");
    const renamed = { ...policy, names: ["elsewhere.example.svc"] };
    expect(nextStep(fresh, renamed, { now: start, publishedForMs: undefined })).toBe("renew-leaf");
  });

  it("lets no authority sign that API servers may not trust yet, and trusts the old one while its leaf may be served", async () => {
    const due = after(700);
    let state = await advance("renew-leaf", fresh, policy, due);
    expect(nextStep(state, policy, { now: due, publishedForMs: 1e9 })).toBe("announce-authority");

    state = await advance("announce-authority", state, policy, due);
    expect(bundleOf(state).match(/BEGIN/g)).toHaveLength(2);
    expect(certificateOf(state.leaf).verify(certificateOf(state.authority).publicKey)).toBe(true);
    for (const publishedForMs of [undefined, 0, policy.settleMs - 1]) {
      expect(nextStep(state, policy, { now: due, publishedForMs })).toBe("nothing");
    }
    expect(nextStep(state, policy, { now: due, publishedForMs: policy.settleMs })).toBe("switch-authority");

    const old = state;
    state = await advance("switch-authority", state, policy, due);
    expect(state.authority).toEqual(old.next);
    expect(certificateOf(state.leaf).verify(certificateOf(state.authority).publicKey)).toBe(true);
    expect(bundleOf(state)).toContain(old.authority.certPem);
    expect(nextStep(state, policy, { now: after(750), publishedForMs: 1e9 })).toBe("nothing");

    state = await advance("renew-leaf", state, policy, after(795));
    expect(nextStep(state, policy, { now: after(795), publishedForMs: 1e9 })).toBe("forget-retired");
    state = await advance("forget-retired", state, policy, after(795));
    expect(bundleOf(state)).toBe(state.authority.certPem);
  });
});

describe("a leaf", () => {
  it("is for every name, for servers alone, and does not outlive its authority", async () => {
    const late = await advance("renew-leaf", fresh, policy, after(880));
    const leaf = certificateOf(late.leaf);
    expect(leaf.subjectAltName).toBe("DNS:cocoon-webhook.cocoon-system.svc, IP Address:127.0.0.1");
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(leaf.ca).toBe(false);
    expect(leaf.validTo).toBe(certificateOf(fresh.authority).validTo);
    expect(certificateOf(fresh.authority).ca).toBe(true);
  });
});
