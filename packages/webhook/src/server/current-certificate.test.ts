import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CurrentCertificate } from "./current-certificate.js";

const dayMs = 24 * 3_600_000;
const now = new Date("2026-06-01T00:00:00Z");

/** A certificate with so many days of its life behind it and before it. */
const certificate = (lived: number, left: number) => ({
  certPem: "",
  keyPem: "",
  description: "",
  notBefore: new Date(now.getTime() - lived * dayMs),
  notAfter: new Date(now.getTime() + left * dayMs),
});

beforeEach(() => {
  vi.useFakeTimers({ now });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How often the log warns, looked at every hour for so long. */
async function warningsWithin(
  hours: number,
  ...[lived, left]: Parameters<typeof certificate>
): Promise<number> {
  const log = { warn: vi.fn() };
  const look = new CurrentCertificate(certificate(lived, left)).expiryLog(log as never);
  for (let hour = 0; hour < hours; hour++) {
    await look();
    vi.advanceTimersByTime(3_600_000);
  }
  return log.warn.mock.calls.length;
}

describe("expiryLog", () => {
  it("warns from 30 days before a certificate expires, twice a day", async () => {
    expect(await warningsWithin(1, 300, 31)).toBe(0);
    expect(await warningsWithin(1, 300, 29)).toBe(1);
    expect(await warningsWithin(25, 300, 29)).toBe(2);
  });

  it("warns of a short-lived one in the last third of its life", async () => {
    expect(await warningsWithin(1, 1, 1)).toBe(0);
    expect(await warningsWithin(1, 5, 2)).toBe(1);
  });

  it("is silent again when another one is served", async () => {
    const log = { warn: vi.fn() };
    const current = new CurrentCertificate(certificate(300, 1));
    const look = current.expiryLog(log as never);
    current.replace(certificate(0, 90));
    await look();
    expect(log.warn).not.toHaveBeenCalled();
  });
});

describe("fault", () => {
  it("is that the certificate is not in date", () => {
    expect(new CurrentCertificate(certificate(1, 1)).fault()).toBeUndefined();
    expect(new CurrentCertificate(certificate(2, -1)).fault()).toMatch(/^the certificate expired at/);
    expect(new CurrentCertificate(certificate(-1, 2)).fault()).toMatch(
      /^the certificate is not valid before/,
    );
  });
});
