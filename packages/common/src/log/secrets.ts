import { stdSerializers } from "pino";

const replacement = "[redacted]";
/** Beyond this an object is not worth a log line. */
const maxDepth = 8;

/**
 * Names, in lower case and without separators, whose values are secret. A bare `key` is one, `podKey` is not. Object bodies
 * (`object`, `body`) may hold anything, so they count.
 */
const secretName =
  /(token|authorization|cookie|password|passwd|secret|credentials?|(private|client|api|signing|session|hmac|secret|access|encryption|tls)key|keypem|keydata)$|^(key|body|object|oldobject|kubeconfig)$/;

/**
 * Values that are secret whatever they are called: private keys, bearer tokens, and signed JSON (`eyJ` is `{"` in base64), which
 * service account tokens and session cookies are.
 */
const secretText =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)|\bBearer\s+[\w.~+/=-]+|(?<![\w-])eyJ[\w-]+(\.[\w-]{20,}){1,2}/g;

/** A copy of `value` that is fit for the log: secrets replaced, errors as objects, cycles and depths cut. */
export function withoutSecrets(value: unknown): unknown {
  return scrub(value, []);
}

function scrub(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === "string") return value.replace(secretText, replacement);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (parents.includes(value)) return "[circular]";
  if (parents.length >= maxDepth) return "[too deep]";
  const inside = [...parents, value];
  if (Array.isArray(value)) return value.map((item) => scrub(item, inside));
  if (value instanceof Error) return scrubFields(stdSerializers.err(value), inside);
  return hasToJson(value) ? scrub(value.toJSON(), inside) : scrubFields(value, inside);
}

function scrubFields(value: object, parents: readonly object[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      isSecret(name) ? replacement : scrub(field, parents),
    ]),
  );
}

const isSecret = (name: string): boolean => secretName.test(name.toLowerCase().replace(/[-_.\s]/g, ""));

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  "toJSON" in value && typeof value.toJSON === "function";
