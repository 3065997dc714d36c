import { describe, expect, it } from "vitest";
import { keyFaults, labelValueFaults, nameFaults, namespaceFaults, prefixFaults } from "./object-names.js";

describe("names of objects", () => {
  it.each([
    ["a name", nameFaults, ["a", "1", "demo-1", "a.b-c.d", "a".repeat(253)]],
    ["a prefix", prefixFaults, ["demo-", "demo", "a"]],
    ["a namespace", namespaceFaults, ["default", "a-1", "a".repeat(63)]],
    ["the value of a label", labelValueFaults, ["", "A_b.c", "1", "a".repeat(63)]],
    ["a key", keyFaults, ["a", "A_b.c", "example.com/a", "a".repeat(63)]],
  ])("take %s", (_, faultsOf, texts) => {
    expect(texts.flatMap((text) => faultsOf(text))).toEqual([]);
  });

  it.each([
    ["a name", nameFaults, ["Demo", "a_b", "-a", "a-", "a..b", "a b", "a\n", "a".repeat(254)]],
    ["a prefix", prefixFaults, ["-", "Demo-", "demo_"]],
    ["a namespace", namespaceFaults, ["", "a.b", "Team", "a".repeat(64)]],
    ["the value of a label", labelValueFaults, ["a b", "-a", "a/b", "a".repeat(64)]],
    ["a key", keyFaults, ["", "a b", "/a", "a/", "a/b/c", "Example.com/a", "a".repeat(64)]],
  ])("refuse %s, each with one reason", (_, faultsOf, texts) => {
    expect(texts.map((text) => faultsOf(text).length)).toEqual(texts.map(() => 1));
  });
});
