import type { Session } from "./session.js";

// What Go's encoding/json escapes and JSON.stringify does not. Lone surrogates are no text in Go, which writes U+FFFD.
const goEscapes = /[<>&\u2028\u2029]/g;
const loneSurrogate = /\p{Surrogate}/gu;

const goEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

const goString = (text: string): string =>
  JSON.stringify(text.replace(loneSurrogate, "\ufffd")).replace(goEscapes, goEscape);

/** The session as Go's encoding/json writes it, byte for byte. */
export const encodeSession = ({ user, email, exp }: Session): string =>
  `{"u":${goString(user)},"e":${goString(email)},"x":${exp}}`;

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;
const depthOf = new Map(Object.entries({ "{": 1, "[": 1, "}": -1, "]": -1 }));

/** The members of a valid JSON object, each with the first token of its value as it was written. */
function* membersOf(json: string): Generator<[name: string, token: string]> {
  let depth = 0;
  let before = "";
  let name: string | undefined;
  for (const [token] of json.matchAll(tokens)) {
    if (name !== undefined) yield [name, token];
    name = token === ":" && depth === 1 ? String(JSON.parse(before)) : undefined;
    depth += depthOf.get(token) ?? 0;
    before = token;
  }
}

function textOf(token: string): string | undefined {
  return token.startsWith('"') ? String(JSON.parse(token)).replace(loneSurrogate, "\ufffd") : undefined;
}

/** A 64-bit integer as Go reads one into a field: `1.0` and `1e3` are none. */
function integerOf(token: string): number | undefined {
  if (!/^-?[0-9]+$/.test(token)) return undefined;
  const value = BigInt(token);
  return value === BigInt.asIntN(64, value) ? Number(value) : undefined;
}

const readers = new Map<string, (token: string) => string | number | undefined>([
  ["u", textOf],
  ["e", textOf],
  ["x", integerOf],
]);

/**
 * The session in a JSON text, by the rules of Go's encoding/json: names in any case, the last of equal names, `null`
 * and missing members as their zero values, other members ignored; undefined for a value of another type.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function decodeSession(json: string): Session | undefined {
  const root: unknown = JSON.parse(json);
  if (typeof root !== "object" || Array.isArray(root)) return undefined;
  const fields = new Map<string, string | number>();
  for (const [name, token] of membersOf(json)) {
    const field = name.toLowerCase();
    const read = readers.get(field);
    if (read === undefined || token === "null") continue;
    const value = read(token);
    if (value === undefined) return undefined;
    fields.set(field, value);
  }
  return {
    user: String(fields.get("u") ?? ""),
    email: String(fields.get("e") ?? ""),
    exp: Number(fields.get("x") ?? 0),
  };
}
