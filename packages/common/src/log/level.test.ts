import { expect, it } from "vitest";
import { levels, LogLevelError, parseLevel } from "./level.js";

it.each(levels)("%s, in any case", (level) => {
  expect(parseLevel("LOG", level)).toBe(level);
  expect(parseLevel("LOG", level.toUpperCase())).toBe(level);
});

it.each([undefined, ""])("%j is info", (value) => {
  expect(parseLevel("LOG", value)).toBe("info");
});

it.each(["verbose", "warning", " info", "0", "toString"])("refuses %j", (value) => {
  expect(() => parseLevel("WEBHOOK_LOG_LEVEL", value)).toThrow(LogLevelError);
  expect(() => parseLevel("WEBHOOK_LOG_LEVEL", value)).toThrow(
    `WEBHOOK_LOG_LEVEL is '${value}', which is no log level: use one of trace, debug, info, warn, error, fatal`,
  );
});
