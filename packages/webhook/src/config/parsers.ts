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

const durationFrom =
  (leastMs: 0 | 1) =>
  (value = ""): Parsed<number> => {
    const ns = parseDurationNs(value) ?? -1n;
    const ms = Math.ceil(Number(ns) / 1e6);
    return ns < 0n || ms < leastMs || ms > longestMs
      ? mustBe(`be a duration from ${leastMs === 0 ? "0s" : "1ms"} to 24h, such as 500ms, 15s or 1m30s`)
      : parsed(ms);
  };

/** A duration as Go writes it, in whole milliseconds. */
export const durationMs = durationFrom(0);

/** A duration as Go writes it that is not zero, in whole milliseconds. */
export const positiveDurationMs = durationFrom(1);

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
