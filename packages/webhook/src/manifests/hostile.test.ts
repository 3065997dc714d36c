import { describe, expect, it } from "vitest";
import { maxAliasedValues, maxDepth } from "./limits.js";
import { parseManifests } from "./parse-manifests.js";

/** How the first fault of a text reads. */
function faultIn(text: string): string | undefined {
  const { manifests, faults } = parseManifests("a.yaml", text);
  const [fault] = faults;
  if (fault === undefined) return undefined;
  expect(manifests).toEqual([]);
  return `${fault.line ?? "?"}:${fault.column ?? "?"} ${fault.message}`;
}

const many = 50_000;
const block = (depth: number): string =>
  Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}a:\n`).join("");

describe("what is nested too deeply is refused, and where", () => {
  it.each([
    ["brackets that never close", "[".repeat(many), 253],
    ["brackets", "[".repeat(many) + "]".repeat(many), 253],
    ["braces that never close", "a: ".concat("{a: ".repeat(many)), 1005],
    ["JSON", `${'{"a":'.repeat(many)}1${"}".repeat(many)}`, 1257],
    ["JSON lists", `{"a":${"[".repeat(many)}${"]".repeat(many)}}`, 257],
    ["lists in a block", `${"- ".repeat(many)}a`, 504],
    ["keys in a block", `${"? ".repeat(many)}a`, 504],
  ])("%s", (_, text, column) => {
    expect(faultIn(text)).toMatch(new RegExp(`^1:${column} is nested more than ${maxDepth} deep`));
  });

  it("objects in a block", () => {
    expect(faultIn(block(3_000))).toMatch(/^25\d:25\d is nested more than 250 deep/);
  });

  it.each([
    ["", (inner: string): string => `${"[".repeat(10)}${inner}${"]".repeat(10)}`],
    [
      " and a further anchor, which is not deep",
      (inner: string): string => `[${"[".repeat(9)}${inner}${"]".repeat(9)}, &b 1]`,
    ],
  ])("aliases that lead to aliases%s", (_, around) => {
    const steps = Array.from(
      { length: 26 },
      (_unused, step) => `l${step}: &l${step} ${around(step === 0 ? "1" : `*l${step - 1}`)}\n`,
    );
    expect(faultIn(steps.join(""))).toMatch(/^2[56]:\d+ is nested more than 250 deep/);
    expect(faultIn(steps.slice(0, 20).join(""))).toBeUndefined();
  });

  it("but not what is nested as deeply as it may", () => {
    const depth = maxDepth - 1;
    expect(faultIn(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`)).toBeUndefined();
    expect(faultIn(`${"[".repeat(depth)}1${"]".repeat(depth)}`)).toBeUndefined();
    expect(faultIn(block(depth))).toBeUndefined();
  });
});

describe("aliases", () => {
  const bomb = (line: (name: string, inner: string) => string): string =>
    Array.from({ length: 40 }, (_, step) => line(`l${step}`, `*l${step - 1}`))
      .join("")
      .replace("*l-1", "{x: 1}")
      .replace("*l-1", "{y: 1}");

  it.each([
    ["lists", bomb((name, inner) => `${name}: &${name} [${inner}, ${inner}]\n`)],
    ["objects", bomb((name, inner) => `${name}: &${name} {a: ${inner}, b: ${inner}}\n`)],
    ["merge keys", bomb((name, inner) => `${name}: &${name} {<<: [${inner}, ${inner}]}\n`)],
    [
      "keys of one large list",
      `a: &a [${"1, ".repeat(10_000)}]\n${Array.from({ length: 200 }, (_, i) => `k${i}: *a\n`).join("")}`,
    ],
  ])("that stand for too much are refused: %s", (_, text) => {
    expect(faultIn(text)).toContain(`has aliases that stand for more than ${maxAliasedValues} values in all`);
  });

  it("may be as many as somebody likes", () => {
    const text = `a: &a {b: 1}\nc: [${"*a, ".repeat(20_000)}]\n`;
    expect(faultIn(text)).toBeUndefined();
  });
});

it("long lists of keys are read in linear time", () => {
  const keys = Array.from({ length: 300_000 }, (_, index) => `k${index}: 1\n`).join("");
  expect(faultIn(`${keys}k7: 2\n`)).toMatch(/^300001:1 .*the key "k7" stands twice/);
});

it("a text of nothing but faults is given up, with the first of them", () => {
  const fault = 'is not YAML: Unexpected flow-map-end token in YAML stream: "}"';
  expect(faultIn(`[a]\n${"}".repeat(500_000)}`)).toContain(fault);
  expect(faultIn(`[a]\n${"}".repeat(5)}`)).toContain(fault);
});

// With an expression for whole strings, these took minutes, or filled the stack.
describe("strings", () => {
  it("without an end are given up in linear time", () => {
    const quotes = '\\"'.repeat(120_000);
    expect(faultIn(`{"a":"${quotes}`)).toMatch(/^1:240007 is not YAML: Flow map/);
    expect(faultIn(`{\n"a":\n"${quotes}`)).toMatch(/^3:240002 is not YAML: Flow map/);
  });

  it.each([
    ["letters", "a"],
    ["quotes", '\\"'],
    ["backslashes", "\\\\"],
  ])("of many %s keep nothing from being read", (_, piece) => {
    const long = `{"a": "${piece.repeat(16_000_000 / piece.length)}"}`;
    const { manifests, faults } = parseManifests("a.yaml", `${long}\n---\nb: 1\n`);
    expect(faults).toEqual([]);
    expect(manifests[0]?.value).toEqual(JSON.parse(long));
    expect(manifests.slice(1).map(({ value }) => value)).toEqual([{ b: 1 }]);
  });
});
