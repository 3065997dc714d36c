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

/** Yes or no, in the words that Go knows. */
export function bool(value = ""): Parsed<boolean> {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return parsed(true);
  if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return parsed(false);
  return mustBe("be true or false");
}

/** Least severe levels that can be logged, from the chattiest to the quietest. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

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

/** A duration as Go writes it, within bounds, in whole milliseconds. */
export const durationBetween =
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
