import { describe, expect, it } from "vitest";
import { faultsFor, parseFaults } from "./faults.js";

describe("parseFaults", () => {
  it.each([
    ["", {}],
    [" ", {}],
    ["{}", {}],
    ['{"*": {"delayMs": {"start": 4000}, "crashAfter": ["push"], "vanish": true, "ipLateMs": 0}}', undefined],
  ])("reads %j", (text, rules) => {
    expect(parseFaults(text)).toEqual({ ok: true, rules: rules ?? (JSON.parse(text) as unknown) });
  });

  it.each([
    ["{", /^faults must be JSON: /],
    ["[]", /^faults must be an object, such as \{"\*"/],
    ['{"*": []}', /^the faults of \* must be an object$/],
    ['{"*": {"hangs": []}}', /^hangs of \* is unknown; there are delayMs, fail, /],
    ['{"*": {"toString": true}}', /^toString of \* is unknown/],
    ['{"*": {"hang": "push"}}', /^hang of \* must be a list of steps, each one of report, /],
    ['{"*": {"hang": ["pull"]}}', /^hang of \* must be a list of steps/],
    ['{"*": {"delayMs": {"pull": 1}}}', /^delayMs of \* must give milliseconds by step/],
    ['{"*": {"delayMs": {"push": "1s"}}}', /^delayMs of \* must give milliseconds by step/],
    ['{"*": {"idLateMs": -1}}', /^idLateMs of \* must be milliseconds, at most a day$/],
    ['{"*": {"vanish": "yes"}}', /^vanish of \* must be true or false$/],
  ])("does not read %s", (text, fault) => {
    expect(parseFaults(text)).toEqual({ ok: false, faults: [expect.stringMatching(fault)] });
  });

  it("says all that is wrong at once", () => {
    const parsed = parseFaults('{"a": {"hang": 1}, "b": {"stop": 1}}');
    expect(parsed.ok ? [] : parsed.faults).toHaveLength(2);
  });
});

describe("faultsFor", () => {
  const base = { "*": { delayMs: { start: 100, save: 50 } } };

  it.each([
    ["vk-shop-demo-0", "vk-shop-demo-0", true],
    ["vk-shop-*", "vk-shop-demo-0", true],
    ["*-0", "vk-shop-demo-0", true],
    ["vk-*-demo-*", "vk-shop-demo-0", true],
    ["vk-shop", "vk-shop-demo-0", false],
    ["vk.shop*", "vk-shop-demo-0", false],
  ])("of %s for %s: %s", (pattern, vmName, fits) => {
    expect(faultsFor([{ [pattern]: { vanish: true } }], vmName).vanish).toBe(fits ? true : undefined);
  });

  it("takes the last of each field, and of each step's delay", () => {
    const rules = { "vk-*": { hang: ["push"], delayMs: { save: 4_000 } }, "vk-a": { hang: [] } } as const;
    expect(faultsFor([base, rules], "vk-a")).toEqual({ hang: [], delayMs: { start: 100, save: 4_000 } });
    expect(faultsFor([base, rules], "vk-b").hang).toEqual(["push"]);
    expect(faultsFor([base, rules], "x")).toEqual(base["*"]);
  });
});
