import { describe, expect, it } from "vitest";
import { licenceFaults, type LicenceRules, type LockedPackage } from "./judge.js";

const rules: LicenceRules = { allowed: ["MIT", "ISC"], exceptions: [] };
const faults = (packages: Readonly<Record<string, LockedPackage>>, more: Partial<LicenceRules> = {}) =>
  licenceFaults({ packages }, { ...rules, ...more });

describe("licenceFaults", () => {
  it.each(["MIT", "(MIT OR GPL-3.0)", "GPL-3.0 OR ISC"])("lets %s pass", (license) => {
    expect(faults({ "node_modules/a": { license } })).toEqual([]);
  });

  it.each(["GPL-3.0", "MIT AND GPL-3.0", "UNLICENSED", "SEE LICENSE IN LICENSE"])("names %s", (license) => {
    expect(faults({ "node_modules/a/node_modules/@b/c": { license } })).toEqual([
      `@b/c is under ${license}, which is not on the list`,
    ]);
  });

  it("names a package without one, and passes over this repository's own", () => {
    const own = { "": {}, "packages/common": {}, "node_modules/@cocoonstack/common": { link: true } };
    expect(faults({ ...own, "node_modules/a": {} })).toEqual([
      "a names no licence: read it, and add an exception",
    ]);
  });

  it("takes an exception for its packages and its licence alone, and asks to take out what is not needed", () => {
    const exceptions = [
      { packages: "light", licence: "MPL-2.0", reason: "" },
      { packages: "gone", licence: "MPL-2.0", reason: "" },
    ];
    const packages = {
      "node_modules/lightcss-linux": { license: "MPL-2.0" },
      "node_modules/lightcss-gpl": { license: "GPL-3.0" },
      "node_modules/other": { license: "MPL-2.0" },
    };
    expect(faults(packages, { exceptions })).toEqual([
      "lightcss-gpl is under GPL-3.0, which is not on the list",
      "other is under MPL-2.0, which is not on the list",
      "the exception for gone (MPL-2.0) is not needed: take it out",
    ]);
  });
});
