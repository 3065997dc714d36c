/** One way to authenticate that a server offers, such as `Bearer realm="https://auth.example.com/token",service="example"`. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A token of RFC 9110, then either `= value` or the beginning of a challenge. */
const piece =
  /[\s,]*([!#$%&'*+.^`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^`|~\w-]+))|(?=[\s,]|$))/y;

/** Nobody offers more; what follows is not looked at. */
const mostPieces = 64;

/**
 * Reads the value of a `WWW-Authenticate` header (RFC 9110, 11.6.1), several challenges in one included. What is malformed ends
 * it: what was understood before that counts. A `token68` in place of parameters ends it, too; no registry sends one.
 *
 * @example
 * ```ts
 * parseChallenges('Basic realm="registry"'); // [{ scheme: "basic", parameters: { realm: "registry" } }]
 * ```
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const scan = new RegExp(piece);
  for (let count = 0; count < mostPieces; count++) {
    const match = scan.exec(header);
    if (match === null) break;
    const [, name = "", quoted, bare] = match;
    const value = quoted?.replaceAll(/\\(.)/g, "$1") ?? bare;
    const current = challenges.at(-1);
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: nothing() });
    else if (current === undefined) break;
    else current.parameters[name.toLowerCase()] = value;
  }
  return challenges;
}

/** Without what objects inherit, so that a parameter of any name is only what was sent. */
const nothing = (): Record<string, string> => Object.create(null) as Record<string, string>;
