// Loaded before a program: the clock of the day is as far off as the file that SHIFTED_CLOCK names says, in milliseconds. The
// monotonic clock, by which timers and deadlines go, stays as it is; so it does when the time of a machine is set.
import { readFileSync } from "node:fs";
import process from "node:process";

const file = process.env["SHIFTED_CLOCK"] ?? "";
const RealDate = Date;
const realNow = Date.now.bind(Date);
const now = () => realNow() + Number(readFileSync(file, "utf8"));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters) =>
    Reflect.construct(target, parameters.length === 0 ? [now()] : parameters),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
