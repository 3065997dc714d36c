const timeOfDay = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?`;
const offset = String.raw`(?:Z|[+-](?:[01]\d|2[0-4]):(?:[0-5]\d|60))`;
const form = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})T${timeOfDay}${offset}$`);

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysOf = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The days of a month that is counted from 1; none where there is no such month. */
const daysIn = (month: number, year: number): number =>
  month === 2 && isLeap(year) ? 29 : (daysOf[month - 1] ?? 0);

/**
 * Whether Kubernetes' types for a time read a text: `metav1.Time` leaves that to Go's `time.Parse` by the layout of RFC 3339.
 * It is as strict as the RFC on days that do not exist, and laxer in four places: the hour may have one digit, a comma may
 * stand before the fraction, and an offset may be as large as 24 hours and as 60 minutes. It knows no leap second.
 *
 * @example
 * ```ts
 * parsesAsTime("2028-02-29T12:00:00Z"); // true
 * parsesAsTime("2026-02-29T12:00:00Z"); // false
 * ```
 */
export function parsesAsTime(text: string): boolean {
  const match = form.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  return day >= 1 && day <= daysIn(month, year);
}
