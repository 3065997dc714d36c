/**
 * A path of the API, or undefined where a part cannot be one: a review that no API server made may name anything, and what
 * stands between here and there may take `..` for the way up.
 *
 * @example
 * ```ts
 * apiPath(["api", "v1", "namespaces", "a/b"]); // "/api/v1/namespaces/a%2Fb"
 * apiPath(["api", "v1", "namespaces", ".."]); // undefined
 * ```
 */
export function apiPath(segments: readonly string[]): string | undefined {
  if (!segments.every(isSegment)) return undefined;
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

/** A half of a surrogate pair is no text, and cannot be encoded. */
const isSegment = (text: string): boolean => !["", ".", ".."].includes(text) && !/\p{Surrogate}/u.test(text);
