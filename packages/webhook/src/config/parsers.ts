import { parseDurationNs } from "@cocoonstack/common/k8s";
import { ListenAddressError, parseListenAddress } from "@cocoonstack/common/httpx";
import { mustBe, parsed, type Parsed } from "./option.js";

/** A text that may be absent. */
export const optionalText = (text: string | undefined): Parsed<string | undefined> => parsed(text);

/** A text that has a fallback. */
export const text = (value = ""): Parsed<string> => parsed(value);

/** One of a few words, in any case. */
export const oneOf =
  <const T extends string>(...words: readonly T[]) =>
  (value = ""): Parsed<T> => {
    const word = words.find((candidate) => candidate === value.toLowerCase());
    return word === undefined ? mustBe(`be one of ${words.join(", ")}`) : parsed(word);
  };

/** An address to listen on, as in Go: `:8443`, `127.0.0.1:8443`, `[::1]:8443`. */
export function listenAddress(value = ""): Parsed<string> {
  try {
    parseListenAddress(value);
    return parsed(value);
  } catch (error) {
    if (error instanceof ListenAddressError) {
      return mustBe("be an address to listen on, such as :8443 or 127.0.0.1:8443");
    }
    throw error;
  }
}

/** A whole number, at least 1. */
export function count(value = ""): Parsed<number> {
  const number = /^[0-9]{1,15}$/.test(value) ? Number(value) : 0;
  return number === 0 ? mustBe("be a whole number, at least 1") : parsed(number);
}

/** A day: longer than any wait here, and far below the 24.8 days after which Node's timers end at once. */
const longestMs = 24 * 60 * 60 * 1000;

const durationBetween =
  (leastMs: number, mostMs: number, what: string) =>
  (value = ""): Parsed<number> => {
    const ns = parseDurationNs(value) ?? -1n;
    const ms = Math.ceil(Number(ns) / 1e6);
    return ns < 0n || ms < leastMs || ms > mostMs ? mustBe(`be a duration ${what}`) : parsed(ms);
  };

/** A duration as Go writes it, in whole milliseconds. */
export const durationMs = durationBetween(0, longestMs, "from 0s to 24h, such as 500ms, 15s or 1m30s");

/** A duration as Go writes it that is not zero, in whole milliseconds. */
export const positiveDurationMs = durationBetween(
  1,
  longestMs,
  "from 1ms to 24h, such as 500ms, 15s or 1m30s",
);

/** The life of a certificate, in whole milliseconds; Go has no unit above the hour. */
export const lifetimeMs = durationBetween(
  10_000,
  876_000 * 3_600_000,
  "from 10s to 876000h (100 years), such as 2160h",
);

/** A Secret, as `namespace/name`. */
export function secretRef(value: string | undefined): Parsed<SecretRef | undefined> {
  if (value === undefined) return parsed(undefined);
  const [, namespace, name] = /^([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9.-]{0,252})$/.exec(value) ?? [];
  return namespace === undefined || name === undefined
    ? mustBe("name a Secret by its namespace and name, such as cocoon-system/cocoon-webhook-tls")
    : parsed({ namespace, name });
}

/** Where a Secret is. */
export interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

/** A host name or an IPv4 address. */
const hostName = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const ipv6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;

/** Host names and IP addresses, separated by commas. */
export function hostNames(value: string | undefined): Parsed<readonly string[] | undefined> {
  if (value === undefined) return parsed(undefined);
  const names = value.split(",").map((name) => name.trim());
  return names.every((name) => hostName.test(name) || ipv6.test(name))
    ? parsed(names)
    : mustBe("list host names or IP addresses, such as cocoon-webhook.cocoon-system.svc");
}

/** User names, separated by commas and trimmed; an empty list is refused, because it would refuse every pod. */
export function userNames(value: string | undefined): Parsed<ReadonlySet<string> | undefined> {
  if (value === undefined) return parsed(undefined);
  const names = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.length === 0
    ? mustBe(
        "name at least one user, such as system:serviceaccount:cocoon-system:cocoon-operator, or be unset",
      )
    : parsed(new Set(names));
}
