/** Stands in objects that tests send, where people keep secrets: whoever prints an object prints this. */
export const bodyMarker = "this-must-never-be-printed-6d1f";

/** What must not be in the output of a webhook: a text, by what it is. */
const forbidden = new Map<string, string>([
  [bodyMarker, "a part of an object's body"],
  ["PRIVATE KEY-----", "a private key"],
]);

/** Our own advice names the first line of a key, with an ellipsis in place of its kind. */
const advice = "-----BEGIN … PRIVATE KEY-----";

/** Bearer tokens that exist from now on, by whose they are. */
export function forbidTokens(tokens: Readonly<Record<string, { readonly token: string }>>): void {
  for (const [identity, { token }] of Object.entries(tokens))
    forbidden.set(token, `the token of ${identity}`);
}

/** What an output gives away; of the secrets only their kinds. */
export function secretsIn(output: string): readonly string[] {
  const text = output.replaceAll(advice, "");
  return [...forbidden].flatMap(([secret, kind]) => (text.includes(secret) ? [kind] : []));
}

/**
 * Holds an output to hold no secret.
 *
 * @throws {Error} that says what kind of secret it holds.
 */
export function assertNoSecrets(output: string): void {
  const found = secretsIn(output);
  if (found.length > 0) throw new Error(`the webhook printed ${found.join(", ")}`);
}
