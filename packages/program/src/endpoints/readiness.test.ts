import { describe, expect, it, vi } from "vitest";
import { reportReadiness } from "./readiness.js";
import { readinessLog } from "./readiness-log.js";

const check = (name: string, fault?: string): { name: string; fault: () => string | undefined } => ({
  name,
  fault: () => fault,
});

describe("reportReadiness", () => {
  it("is ready when nothing is wrong", () => {
    expect(reportReadiness([check("a"), check("b")])).toEqual({
      ready: true,
      faults: [],
      verbose: "[+]a ok\n[+]b ok\nreadyz check passed\n",
    });
  });

  it("is not when one thing is, and says which", () => {
    expect(reportReadiness([check("a"), check("b", "gone")])).toEqual({
      ready: false,
      faults: ["b: gone"],
      verbose: "[+]a ok\n[-]b failed: gone\nreadyz check failed\n",
    });
  });
});

describe("readinessLog", () => {
  it("tells of each change once", async () => {
    const log = { info: vi.fn(), warn: vi.fn() };
    let fault: string | undefined;
    const look = readinessLog([{ name: "a", fault: () => fault }], log as never);
    for (const now of [undefined, "gone", "gone", undefined, undefined]) {
      fault = now;
      await look();
    }
    expect(log.warn.mock.calls).toEqual([[{ faults: ["a: gone"] }, "not ready"]]);
    expect(log.info.mock.calls).toEqual([[{}, "ready again"]]);
  });
});
