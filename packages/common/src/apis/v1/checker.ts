import { isObject } from "../../internal/index.js";
import { constraintsOf } from "./constraints.js";
import { type Check, type Fault, fault, isAbsent, within } from "./fault.js";
import { parsesAsQuantity } from "./quantity.js";
import type { Schema } from "./schema.js";
import { parsesAsTime } from "./time.js";

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const wrongType = (wanted: string, value: unknown): Fault => fault(`must be ${wanted}, not ${kindOf(value)}`);

// A number above 2^53 has lost its last digits before it comes here, so the 64-bit bound is one of magnitude.
const bounds = { int32: [-(2 ** 31), 2 ** 31 - 1], int64: [-(2 ** 63), 2 ** 63] } as const;

function checkInteger(format: "int32" | "int64"): Check {
  const [least, most] = bounds[format];
  return (value) => {
    if (typeof value !== "number") return wrongType("an integer", value);
    if (!Number.isInteger(value)) return fault("must be an integer, not a fraction");
    return value < least || value > most ? fault(`must fit into ${format.slice(3)} bits`) : undefined;
  };
}

const checkString: Check = (value) => (typeof value === "string" ? undefined : wrongType("a string", value));
const checkBoolean: Check = (value) =>
  typeof value === "boolean" ? undefined : wrongType("true or false", value);

const checkTime: Check = (value) => {
  if (typeof value !== "string") return wrongType("a time", value);
  return parsesAsTime(value) ? undefined : fault("must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
};

const checkQuantity: Check = (value) => {
  if (typeof value !== "number" && typeof value !== "string") return wrongType("a quantity", value);
  // A number that is too large for JavaScript comes out of JSON.parse as Infinity, which reads as none.
  return parsesAsQuantity(String(value)) ? undefined : fault("must be a quantity such as 20Gi or 500m");
};

/** Keys come from the request: an odd or a long one is left out of the path. */
const keyStep = (key: string): string => (/^[\w./-]{1,128}$/.test(key) ? `[${key}]` : "[…]");

/**
 * Goes through the object's own keys, not through the schema's: real objects are sparse. Keys are looked up in a Map, so
 * that `__proto__` and `constructor` are keys like any other.
 */
function checkObject(properties: ReadonlyMap<string, Check>): Check {
  return (value) => {
    if (!isObject(value)) return wrongType("an object", value);
    // Parsed JSON has nothing but own keys, and `for in` goes through them without a list of them.
    for (const key in value) {
      const check = properties.get(key);
      if (check === undefined) continue;
      const member = value[key];
      const inner = isAbsent(member) ? undefined : check(member);
      if (inner !== undefined) return within(inner, `.${key}`);
    }
    return undefined;
  };
}

function checkMap(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return wrongType("an object", value);
    for (const key of Object.keys(value)) {
      const member = value[key];
      const inner = isAbsent(member) ? undefined : check(member);
      if (inner !== undefined) return within(inner, keyStep(key));
    }
    return undefined;
  };
}

function checkArray(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrongType("an array", value);
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const inner = isAbsent(item) ? undefined : check(item);
      if (inner !== undefined) return within(inner, `[${index}]`);
    }
    return undefined;
  };
}

function compileObject(schema: Schema, rules: Rules): Check {
  if (schema.additionalProperties !== undefined) return checkMap(compile(schema.additionalProperties, rules));
  return checkObject(
    new Map(
      Object.entries(schema.properties ?? {}).map(([key, property]) => [key, compile(property, rules)]),
    ),
  );
}

function compileTypes(schema: Schema, rules: Rules): Check {
  const { type } = schema;
  if (type === undefined) return checkQuantity;
  switch (type) {
    case "object":
      return compileObject(schema, rules);
    case "array":
      return checkArray(compile(schema.items ?? { type: "object" }, rules));
    case "string":
      return schema.format === "date-time" ? checkTime : checkString;
    case "integer":
      return checkInteger(schema.format === "int32" ? "int32" : "int64");
    case "boolean":
      return checkBoolean;
  }
}

/** What is asked of a value: that its types can be read, or everything that its schema says. */
export type Rules = "types" | "all";

/**
 * Makes the check of a schema. It is made of closures that are as deep as the schema, so however deep a value is, it goes
 * no deeper than the schema says.
 *
 * @example
 * ```ts
 * compile({ type: "object", properties: { a: { type: "string" } } }, "types")({ a: 1 }); // a fault at `.a`
 * ```
 */
export function compile(schema: Schema, rules: Rules): Check {
  const types = compileTypes(schema, rules);
  const constraints = rules === "all" ? constraintsOf(schema) : [];
  if (constraints.length === 0) return types;
  // Constraints look at values of the right type only, so the types come first.
  const checks = [types, ...constraints];
  return (value) => {
    for (const check of checks) {
      const found = check(value);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
