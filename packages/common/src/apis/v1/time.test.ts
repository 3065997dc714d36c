import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCocoonSet } from "./index.js";
import { parsesAsTime } from "./time.js";

// What Go 1.26 answers to `time.Parse(time.RFC3339, …)`.
const read = [
  "2026-01-31T12:00:00Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "2028-02-29T00:00:00Z",
  "2000-02-29T00:00:00Z",
  "2026-02-28T00:00:00.5Z",
  "2026-02-28T00:00:00,5Z",
  "2026-02-28T00:00:00.1234567890123+02:00",
  "2026-02-28T1:00:00Z",
  "2026-02-28T00:00:00-00:00",
  "2026-02-28T00:00:00+23:59",
  "2026-02-28T00:00:00+24:00",
  "2026-02-28T00:00:00-24:60",
];
const notRead = [
  "",
  "2026-02-28",
  "2026-02-28 00:00:00Z",
  "2026-02-28t00:00:00Z",
  "2026-02-28T00:00:00z",
  "2026-02-28T00:00:00",
  "2026-02-28T00:00Z",
  "2026-02-28T00:00:00.Z",
  "2026-02-28T00:00:00Z\n",
  " 2026-02-28T00:00:00Z",
  "26-02-28T00:00:00Z",
  "02026-02-28T00:00:00Z",
  "+2026-02-28T00:00:00Z",
  "2026-2-28T00:00:00Z",
  "2026-02-31T00:00:00Z",
  "2026-02-29T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-00T00:00:00Z",
  "2026-01-32T00:00:00Z",
  "2026-02-28T24:00:00Z",
  "2026-02-28T00:60:00Z",
  "2026-02-28T23:59:60Z",
  "2026-02-28T00:00:00+25:00",
  "2026-02-28T00:00:00+99:99",
  "2026-02-28T00:00:00+00:61",
  "2026-02-28T00:00:00+0:00",
  "2026-02-28T00:00:00+0000",
  "2026-02-28T00:00:00 01:00",
  "２026-02-28T00:00:00Z",
];

const two = (number: number): string => String(number).padStart(2, "0");

/** Whether the calendar that JavaScript has built in holds this day: it moves days that do not exist into another month. */
function isInCalendar(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

describe("a time", () => {
  it.each(read)("is read from '%s'", (text) => {
    expect(parsesAsTime(text)).toBe(true);
  });

  it.each(notRead)("is not read from '%s'", (text) => {
    expect(parsesAsTime(text)).toBe(false);
  });

  it("has a day of the calendar", () => {
    const years = fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(0, 4, 100, 400, 1900, 2000));
    const days = fc.oneof(fc.integer({ min: 0, max: 35 }), fc.integer({ min: 28, max: 31 }));
    fc.assert(
      fc.property(years, fc.integer({ min: 0, max: 14 }), days, (year, month, day) => {
        const text = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T12:00:00Z`;
        expect(parsesAsTime(text)).toBe(isInCalendar(year, month, day));
      }),
      { numRuns: 2000 },
    );
  });

  it("is within a day, and its offset within 24 hours and 60 minutes", () => {
    const upTo = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most });
    const offset = fc.tuple(fc.constantFrom("+", "-"), upTo(26), upTo(63));
    fc.assert(
      fc.property(upTo(26), upTo(63), upTo(63), offset, (hour, minute, second, [sign, hours, minutes]) => {
        const text = `2026-02-28T${two(hour)}:${two(minute)}:${two(second)}${sign}${two(hours)}:${two(minutes)}`;
        const isWithin = hour < 24 && minute < 60 && second < 60 && hours <= 24 && minutes <= 60;
        expect(parsesAsTime(text)).toBe(isWithin);
      }),
      { numRuns: 2000 },
    );
  });

  it("is whatever JavaScript writes for one", () => {
    const dates = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => parsesAsTime(date.toISOString())));
  });

  it("is looked at when an object is decoded", () => {
    const at = (creationTimestamp: string): unknown => ({ metadata: { creationTimestamp } });
    expect(decodeCocoonSet(at("2028-02-29T00:00:00Z"))).toMatchObject({ ok: true });
    expect(decodeCocoonSet(at("2026-02-29T00:00:00Z"))).toMatchObject({
      path: "metadata.creationTimestamp",
      message: "must be an RFC 3339 time such as 2026-01-31T12:00:00Z",
    });
  });
});
