import { expect, test } from "vitest";
import { levels, LogLevelError, parseLevel } from "./level.js";

test.each(levels)("%s, in any case", (level) => {
  expect(parseLevel("LOG", level)).toBe(level);
  expect(parseLevel("LOG", level.toUpperCase())).toBe(level);
});

test.each([undefined, ""])("%j is info", (value) => {
  expect(parseLevel("LOG", value)).toBe("info");
});

test.each(["verbose", "warning", " info", "0", "toString"])("refuses %j", (value) => {
  expect(() => parseLevel("WEBHOOK_LOG_LEVEL", value)).toThrow(LogLevelError);
  expect(() => parseLevel("WEBHOOK_LOG_LEVEL", value)).toThrow(
    `WEBHOOK_LOG_LEVEL is '${value}', which is no log level: use one of trace, debug, info, warn, error, fatal`,
  );
});
