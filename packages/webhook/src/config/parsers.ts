import { parseDurationNs } from "@cocoonstack/common/k8s";
import { ListenAddressError, parseListenAddress } from "@cocoonstack/common/httpx";
import { mustBe, parsed, type Parsed } from "./option.js";

/** A text that may be absent. */
export const optionalText = (text: string | undefined): Parsed<string | undefined> => parsed(text);

/** A text that has a fallback. */
export const text = (value = ""): Parsed<string> => parsed(value);

/** One of a few words. */
export const oneOf =
  <const T extends string>(...words: readonly T[]) =>
  (value = ""): Parsed<T> => {
    const word = words.find((candidate) => candidate === value);
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

/** A number of bytes, at least 1. */
export function byteCount(value = ""): Parsed<number> {
  const bytes = /^[0-9]{1,15}$/.test(value) ? Number(value) : 0;
  return bytes === 0 ? mustBe("be a whole number of bytes, at least 1") : parsed(bytes);
}

/** A duration as Go writes it, not negative, as milliseconds. */
export function durationMs(value = ""): Parsed<number> {
  const ns = parseDurationNs(value);
  return ns === undefined || ns < 0n
    ? mustBe("be a duration that is not negative, such as 500ms, 15s or 1m30s")
    : parsed(Number(ns) / 1e6);
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
