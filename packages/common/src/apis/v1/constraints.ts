import { isObject } from "../../internal/index.js";
import { type Check, fault, isAbsent, within } from "./fault.js";
import type { Schema } from "./schema.js";

/** The constraint that one keyword makes, or undefined where the schema does not have it. */
type Keyword = (schema: Schema) => Check | undefined;

const onStrings =
  (message: string, holds: (text: string) => boolean): Check =>
  (value) =>
    typeof value === "string" && !holds(value) ? fault(message) : undefined;

const onNumbers =
  (message: string, holds: (number: number) => boolean): Check =>
  (value) =>
    typeof value === "number" && !holds(value) ? fault(message) : undefined;

/** Kubernetes counts code points, not UTF-16 units. */
const lengthOf = (text: string): number => Array.from(text).length;

const allowed: Keyword = ({ enum: values }) =>
  values && onStrings(`must be one of ${values.join(", ")}`, (text) => values.includes(text));

const shortest: Keyword = ({ minLength }) => {
  if (minLength === undefined) return undefined;
  const message = minLength === 1 ? "must not be empty" : `must have at least ${minLength} characters`;
  return onStrings(message, (text) => lengthOf(text) >= minLength);
};

const longest: Keyword = ({ maxLength }) =>
  maxLength === undefined
    ? undefined
    : onStrings(
        `must have at most ${maxLength} characters`,
        (text) => text.length <= maxLength || lengthOf(text) <= maxLength,
      );

const shaped: Keyword = ({ pattern }) => {
  if (pattern === undefined) return undefined;
  const form = new RegExp(pattern, "u");
  return onStrings(`must match ${pattern}`, (text) => form.test(text));
};

/** Of the times that Kubernetes' types read, the API server's schema refuses those whose hour has one digit. */
const timed: Keyword = ({ format }) =>
  format === "date-time"
    ? onStrings("must have two digits for its hour", (text) => /T\d{2}:/.test(text))
    : undefined;

const least: Keyword = ({ minimum }) =>
  minimum === undefined ? undefined : onNumbers(`must be at least ${minimum}`, (number) => number >= minimum);

const most: Keyword = ({ maximum }) =>
  maximum === undefined ? undefined : onNumbers(`must be at most ${maximum}`, (number) => number <= maximum);

/** The most that counts as 64 bits: one too many, but 2^63 - 1 is rounded to it before it comes here. */
const most64Bits = 2 ** 63;

/**
 * A quantity: the API server takes JSON numbers only where they are integers of 64 bits, though Kubernetes' Go types read
 * all of them.
 */
const whole: Keyword = (schema) => {
  if (schema["x-kubernetes-int-or-string"] !== true) return undefined;
  const isWhole = onNumbers("must be an integer or a string, not a fraction", Number.isInteger);
  const fits = onNumbers(
    "must fit into 64 bits, or be a string",
    (number) => number >= -most64Bits && number <= most64Bits,
  );
  return (value) => isWhole(value) ?? fits(value);
};

const largest: Keyword = ({ maxItems }) =>
  maxItems === undefined
    ? undefined
    : (value) =>
        Array.isArray(value) && value.length > maxItems
          ? fault(`must have at most ${maxItems} items`)
          : undefined;

const present: Keyword = ({ required = [] }) =>
  required.length === 0
    ? undefined
    : (value) => {
        if (!isObject(value)) return undefined;
        const missing = required.find((key) => !Object.hasOwn(value, key) || isAbsent(value[key]));
        return missing === undefined ? undefined : within(fault("must be set"), `.${missing}`);
      };

/** In an object, `null` is the same as a missing field; in a list there is nothing that it could stand for. */
const filled: Keyword = ({ type }) =>
  type === "array"
    ? (value) => {
        const index = Array.isArray(value) ? value.findIndex(isAbsent) : -1;
        return index < 0 ? undefined : within(fault("must not be null"), `[${index}]`);
      }
    : undefined;

const distinct: Keyword = (schema) => {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (keys === undefined) return undefined;
  const identity = (item: unknown): string =>
    JSON.stringify(isObject(item) ? keys.map((key) => item[key] ?? null) : null);
  return (value) => {
    const seen = new Set<string>();
    const repeated = (Array.isArray(value) ? value : []).findIndex(
      (item) => seen.size === seen.add(identity(item)).size,
    );
    if (repeated < 0) return undefined;
    return within(
      fault(`must not have the same ${keys.join(" and ")} as an item before it`),
      `[${repeated}]`,
    );
  };
};

// Length before pattern: a pattern may take long over a long text.
const keywords = [
  ...[allowed, shortest, longest, shaped, timed, least, most],
  ...[whole, largest, present, filled, distinct],
];

/**
 * What `schema` says about a value beyond its type: enums, bounds, patterns, required fields, and keys of lists. What is
 * inside the value has its own schema.
 */
export const constraintsOf = (schema: Schema): Check[] =>
  keywords.flatMap((keyword) => {
    const check = keyword(schema);
    return check === undefined ? [] : [check];
  });
