import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { backdateMs, issueAuthority, issueLeaf } from "./certificate-authority.js";

const hourMs = 3_600_000;
const now = new Date("2026-01-01T00:00:00Z");

describe("issueAuthority and issueLeaf", () => {
  it("make a chain that verifies, for servers of these names alone", async () => {
    const authority = await issueAuthority({ now, lifetimeMs: 100 * hourMs });
    const pair = await issueLeaf(authority, ["web.shop.svc", "127.0.0.1", "::1"], {
      now,
      lifetimeMs: hourMs,
    });
    const [ca, leaf] = [new X509Certificate(authority.certPem), new X509Certificate(pair.certPem)];
    expect(ca.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.subjectAltName).toBe("DNS:web.shop.svc, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(Date.parse(leaf.validFrom)).toBe(now.getTime() - backdateMs);
    expect(Date.parse(leaf.validTo)).toBe(now.getTime() + hourMs);
  });

  it("let no leaf outlive its authority, and no authority share another's name", async () => {
    const [one, other] = await Promise.all([
      issueAuthority({ now, lifetimeMs: hourMs }),
      issueAuthority({ now, lifetimeMs: hourMs }),
    ]);
    const leaf = await issueLeaf(one, ["a"], { now, lifetimeMs: 2 * hourMs });
    expect(new X509Certificate(leaf.certPem).validTo).toBe(new X509Certificate(one.certPem).validTo);
    expect(new X509Certificate(one.certPem).subject).not.toBe(new X509Certificate(other.certPem).subject);
    expect(new X509Certificate(leaf.certPem).verify(new X509Certificate(other.certPem).publicKey)).toBe(
      false,
    );
  });

  it("refuse what is no authority", async () => {
    await expect(issueLeaf({ certPem: "x", keyPem: "y" }, ["a"], { now, lifetimeMs: 1 })).rejects.toThrow();
  });
});
