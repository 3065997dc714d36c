import { Buffer } from "node:buffer";

/** A small input for which `holds` is still true: parts are left out, ever shorter ones, as long as that changes nothing. */
export async function minimise(
  input: Buffer,
  holds: (candidate: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  let small = input;
  for (
    let length = Math.ceil(small.length / 2);
    length >= 1;
    length = length === 1 ? 0 : Math.ceil(length / 2)
  ) {
    for (let start = 0; start < small.length;) {
      const candidate = Buffer.concat([small.subarray(0, start), small.subarray(start + length)]);
      if (await holds(candidate)) small = candidate;
      else start += length;
    }
  }
  return small;
}
