import { parseDurationNs } from "@cocoonstack/common/k8s";
import { law, type Target } from "../core/target.js";

const goDuration = /^[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** `parseDurationNs`. */
export const duration: Target = {
  name: "duration",
  laws: "what is read has Go's form and 64 bits; what has the form and is short is read",
  seeds: [
    "1h30m",
    "1.5s",
    "-300ms",
    "0",
    "+5us",
    ".5h",
    "1µs",
    "9223372036854775807ns",
    "2562047h47m16.854775807s",
  ],
  dictionary: [
    ..."0 1 9 . + - ns us µs μs ms s m h".split(" "),
    ...["9223372036854775808", "00000000000000000000", "0.000000000000000000001"],
  ],
  attempt: (input) => {
    const text = input.toString("utf8");
    const ns = parseDurationNs(text);
    // Only short texts: the expression takes its time for long ones.
    const hasForm = text.length > 1_000 || goDuration.test(text);
    if (ns !== undefined) {
      law(hasForm, "something without the form of a duration was read");
      law(BigInt.asIntN(64, ns) === ns, "what was read has more than 64 bits");
    } else {
      law(text.length > 6 || !hasForm, "a short duration was not read");
    }
  },
};
