// A well-behaved client of the webhook, in a process of its own, so that what the attacker's process does is not counted. One
// review after the other on one kept connection, with a pause in between. Told `take`, it tells what there was since then.
import { Buffer } from "node:buffer";
import { Agent, request } from "node:https";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";

const [port, body = ""] = process.argv.slice(2);
const pauseMs = 4;
const timeoutMs = 5_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });

/** @type {number[]} */
let latenciesMs = [];
/** @type {Record<string, number>} */
let faults = {};

/** @returns {Promise<string>} what came back: `allowed`, `refused`, a status, or an error's code */
function ask() {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path: "/mutate?timeout=5s",
        method: "POST",
        agent,
        headers,
        timeout: timeoutMs,
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("error", () => resolve("cut"));
        response.on("end", () =>
          resolve(response.statusCode === 200 ? decisionIn(text) : String(response.statusCode)),
        );
      },
    );
    call.on("timeout", () => call.destroy(new Error("late")));
    call.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    call.end(body);
  });
}

/** @param {string} text */
const decisionIn = (text) => (text.includes('"allowed":false') ? "refused" : "allowed");

process.on("message", () => {
  process.send?.({ latenciesMs, faults });
  latenciesMs = [];
  faults = {};
});
process.on("disconnect", () => process.exit(0));

for (;;) {
  const startedAtMs = performance.now();
  const answer = await ask();
  // It asks about a stray pod, which is always refused.
  if (answer === "refused") latenciesMs.push(performance.now() - startedAtMs);
  else faults[answer] = (faults[answer] ?? 0) + 1;
  await delay(pauseMs);
}
