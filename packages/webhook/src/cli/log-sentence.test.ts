import { expect, it } from "vitest";
import { logSentence } from "./log-sentence.js";

const line = (fields: object): string => JSON.stringify({ level: "warn", msg: "it failed", ...fields });

it.each([
  ["the message alone", {}, "warn: it failed"],
  ["a fault", { fault: "no answer" }, "warn: it failed: no answer"],
  ["several faults", { faults: ["one", "two"] }, "warn: it failed: one; two"],
  ["an error", { err: { message: "refused" } }, "warn: it failed: refused"],
  ["an error that says the same", { err: { message: "it failed" } }, "warn: it failed"],
  ["an error without a message", { err: {} }, "warn: it failed"],
])("a line of the log with %s, in a sentence", (_, fields, sentence) => {
  expect(logSentence(line(fields))).toBe(sentence);
});

it("leaves decisions out, which are shown in another way", () => {
  expect(logSentence(line({ result: "deny" }))).toBeUndefined();
});
