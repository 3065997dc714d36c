import { describe, expect, it } from "vitest";
import { auditFaults, type AuditException, type AuditReport } from "./judge.js";

const today = new Date("2027-01-15T12:00:00Z");
const id = "GHSA-aaaa-bbbb-cccc";
const advisory = {
  name: "leftish",
  severity: "high",
  title: "reads one too many",
  url: `https://github.com/advisories/${id}`,
};
const report: AuditReport = {
  auditReportVersion: 2,
  vulnerabilities: { leftish: { via: [advisory] }, above: { via: ["leftish"] } },
};
const exception = (parts: Partial<AuditException> = {}): AuditException => ({
  ...{ advisory: id, reason: "we never read", expires: "2027-02-01" },
  ...parts,
});

describe("auditFaults", () => {
  it("names each advisory once, however many packages it reaches", () => {
    expect(auditFaults(report, [], today)).toEqual([`leftish: reads one too many (high, ${id})`]);
  });

  it("lets one pass for as long as its exception holds, to the end of the last day", () => {
    expect(auditFaults(report, [exception()], today)).toEqual([]);
    expect(auditFaults(report, [exception({ expires: "2027-01-15" })], today)).toEqual([]);
  });

  it.each<[string, Partial<AuditException>, string]>([
    ["has expired", { expires: "2027-01-14" }, "expired on 2027-01-14: update the package, or judge it anew"],
    ["has no end", { expires: "never" }, "must say when it expires, as 2027-01-31"],
    ["holds too long", { expires: "2027-12-31" }, "must expire within 90 days"],
    ["has no reason", { reason: " " }, "must say why it does not concern us"],
  ])("refuses an exception that %s", (_, parts, fault) => {
    expect(auditFaults(report, [exception(parts)], today)).toEqual([`the exception for ${id} ${fault}`]);
  });

  it("refuses an exception that nothing needs", () => {
    const clean = { auditReportVersion: 2, vulnerabilities: {} };
    expect(auditFaults(clean, [], today)).toEqual([]);
    expect(auditFaults(clean, [exception()], today)).toEqual([
      `the exception for ${id} is not needed: take it out`,
    ]);
  });

  it.each<AuditReport>([
    {},
    { message: "405 Method Not Allowed" },
    { auditReportVersion: 3, vulnerabilities: {} },
  ])("takes no answer for a fault: %j", (silence) => {
    expect(auditFaults(silence, [], today)).toEqual([expect.stringMatching(/^npm audit gave no report/)]);
  });
});
