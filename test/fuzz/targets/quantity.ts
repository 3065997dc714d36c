import { parseQuantity, parsesAsQuantity } from "@cocoonstack/common/apis/v1";
import { quantityString } from "@cocoonstack/common/meta";
import { law, type Target } from "../core/target.js";

/** `parseQuantity`, `parsesAsQuantity` and `quantityString`. */
export const quantity: Target = {
  name: "quantity",
  laws: "the quick look and the parser agree; what is written in canonical form reads as the same and stays",
  seeds: ["12Mi", "0.5Gi", "-1.5k", "1e6", "88.237", "500m", " 1 ", "5.", "1E", "999999999999999999999n"],
  dictionary: [
    ..."0 1 9 . + - e E n u m k M G T P Ki Mi Gi Ti Pi Ei e6 E-3 00 000".split(" "),
    ...[" ", "9223372036854775807", "e2147483648", "e-2147483649", "0000000000000000000"],
  ],
  attempt: (input) => {
    const text = input.toString("utf8");
    const parsed = parseQuantity(text);
    law(parsesAsQuantity(text) === (parsed !== undefined), "parsesAsQuantity and parseQuantity differ");
    // Each step takes its time for a long text; together they would break the law that each of them keeps.
    // And beyond 32 bits, exponents wrap as they do in Go.
    if (parsed === undefined || text.length > 1_000 || Math.abs(parsed.exponent) > 1_000) return;
    const canonical = quantityString(text);
    law(parsesAsQuantity(canonical), "the canonical form is no quantity");
    law(quantityString(canonical) === canonical, "the canonical form has another canonical form");
  },
};
