import { describe, expect, it } from "vitest";
import { reportReadiness } from "./readiness.js";

const check = (name: string, fault?: string): { name: string; fault: () => string | undefined } => ({
  name,
  fault: () => fault,
});

describe("reportReadiness", () => {
  it("is ready when nothing is wrong", () => {
    expect(reportReadiness([check("a"), check("b")])).toEqual({
      ready: true,
      verbose: "[+]a ok\n[+]b ok\nreadyz check passed\n",
    });
  });

  it("is not when one thing is, and says which", () => {
    expect(reportReadiness([check("a"), check("b", "gone")])).toEqual({
      ready: false,
      verbose: "[+]a ok\n[-]b failed: gone\nreadyz check failed\n",
    });
  });
});
