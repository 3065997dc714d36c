import { describe, expect, it } from "vitest";
import { parseManifests } from "../../packages/webhook/src/manifests/index.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

// What check makes of words in YAML and JSON is what kubectl makes of them: it prints here what it would send.

const plane = sharedControlPlane();

const head = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\n";

/** The values of `spec` in the objects of a text, as kubectl would send them; undefined where it refuses. */
async function specsOfKubectl(text: string): Promise<readonly unknown[] | undefined> {
  const { code, stdout } = await plane.kubectl(["label", "--local", "-o", "json", "-f", "-", "a=b"], {
    stdin: text,
  });
  // One object after the other, each over several lines.
  return code === 0
    ? stdout.split(/^(?=\{)/m).map((one) => (JSON.parse(one) as { readonly spec: unknown }).spec)
    : undefined;
}

/** The same, as check reads them. */
function specsOfCheck(text: string): readonly unknown[] | undefined {
  const { manifests, faults } = parseManifests("stdin", text);
  return faults.length > 0
    ? undefined
    : manifests.map(({ value }) => (value as { readonly spec: unknown }).spec);
}

const documentsOf = (specs: readonly string[]): string =>
  specs.map((spec) => `${head}spec: ${spec}\n`).join("---\n");

const integers =
  "0 -0 +0 00 7 007 010 -012 +012 08 09 089 0_10 08_0 0o10 0O10 -0o10 0o8 0o 00o1 0b11 -0b11 +0b11 0B11 0b1_1 0b 0b2 0b-1 0b+1 -0b-1 0B-1 " +
  "0x1F 0X1F -0x1F 0x_1F 0x 0xg 0_x1 1_0 1__0 1_ _1 +_1 - + _ --1 1,000 9223372036854775807 9223372036854775808 18446744073709551615 " +
  "18446744073709551616 0xffffffffffffffff 0x10000000000000000 -0x8000000000000000 -0x8000000000000001 +0x8000000000000000 " +
  "01777777777777777777777 07777777777777777777777777 -01000000000000000000001";
const fractions =
  "1e3 1E3 +1e3 -1e+3 1e-3 .5 -.5 +.5 5. 1.50 010.5 09e1 .5e1 5.e1 1_0.5 1._5 .5_0 ._5 .5_ .5__0 -.5_0 1e1_0 .e1 . 1e 1.e e3 0.0 -0.0 0e400 1e400 " +
  "-1e400 .5e400 1e-400 0x1p4 1.2.3 inf NaN +.nan .iNF";
const words =
  "~ null Null NULL nULL yes Yes YES yEs no on Off y Y n N true True TRUE tRUE false 1:30 190:20:30.15 2026-01-31 2026-1-1 " +
  "2026-01-31T10:00:00Z = '010' \"0b1\" '' !!str";
const tagged = [
  "!!int '010'",
  "!!int 0x8",
  "!!float 1",
  "!!float 0x10",
  "!!str 010",
  "!!bool 'on'",
  "!!null ''",
  "!!timestamp 2026-01-31",
  "!!set {a}",
  "!!omap [a: 1]",
  "!mine 010",
  "! 010",
];
const keys = "010 0b11 1_0 1e3 .5 1.50 08 -0 yes no Y true 1:30 2026-01-31 '010' 1e400 0o10 -0x1f";

it.each([
  ["whole numbers", integers.split(" ").filter((word) => word !== "-")],
  ["other numbers", fractions.split(" ")],
  ["words", words.split(" ")],
  ["values with the name of their type", tagged],
  ["keys", keys.split(" ").map((key) => `{${key}: 1}`)],
])("reads %s as kubectl does", async (_, specs) => {
  const text = documentsOf(specs);
  const expected = await specsOfKubectl(text);
  expect(expected).toHaveLength(specs.length);
  // With the words, to be told which it is.
  const named = (values: readonly unknown[] = []): unknown[] => values.map((value, i) => [specs[i], value]);
  expect(named(specsOfCheck(text))).toEqual(named(expected));
});

it.each([
  ...[".inf", "-.Inf", ".NAN", "!!int a", "!!int 1.5", "!!int ''", "!!float a", "!!bool 1", "!!null a"],
  ...["{~: 1}", "{? : 1}", "{[a]: 1}"],
])("refuses %j as kubectl does", async (spec) => {
  expect(await specsOfKubectl(documentsOf([spec]))).toBeUndefined();
  expect(specsOfCheck(documentsOf([spec]))).toBeUndefined();
});

it.each(["1e400", "-1e400", "[1e999]"])("refuses %s in JSON as kubectl does", async (spec) => {
  const text = `{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "thing"}, "spec": ${spec}}`;
  expect(await specsOfKubectl(text)).toBeUndefined();
  expect(specsOfCheck(text)).toBeUndefined();
});

// The list of docs/check.md, "Where it reads otherwise than kubectl".
describe("where check reads otherwise than kubectl", () => {
  it.each<[string, unknown, unknown]>([
    ["!!binary aGVsbG8=", "aGVsbG8=", "hello"],
    ["!!int 3.0", 3, undefined],
    ["!!timestamp a", "a", undefined],
    ["{1e6: 1}", { "1000000": 1 }, { "1e+06": 1 }],
    ["{123456789.5: 1}", { "123456789.5": 1 }, { "1.2345679e+08": 1 }],
    ["{18446744073709551615: 1}", { "18446744073709552000": 1 }, undefined],
    ["{.inf: 1}", undefined, { ".inf": 1 }],
    ["{a: 1, a: 2}", undefined, { a: 2 }],
  ])("%s", async (spec, ofCheck, ofKubectl) => {
    expect(specsOfCheck(documentsOf([spec]))?.[0]).toEqual(ofCheck);
    expect((await specsOfKubectl(documentsOf([spec])))?.[0]).toEqual(ofKubectl);
  });
});
