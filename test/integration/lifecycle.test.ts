import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { admissionRequest, reviewOf } from "../support/admission-request.js";
import { WebhookProcess } from "../support/webhook-process.js";

const review = reviewOf(admissionRequest("Pod", { object: { spec: {} } }));

/** How long the process takes to end from now on, in milliseconds. */
describe("SIGTERM", () => {
  it("makes it unready at once, and it serves on until the drain delay is over, asking clients to leave", async () => {
    const webhook = await WebhookProcess.start(["--standalone", "--drain-delay", "2s"]);
    expect((await webhook.call("/mutate", { body: review })).headers["connection"]).toBe("keep-alive");
    webhook.kill("SIGTERM");
    const startMs = performance.now();
    await webhook.logged((line) => line["phase"] === "draining");

    const readyz = await webhook.call("/readyz?verbose", { method: "GET", headers: {} });
    expect([readyz.status, readyz.body]).toEqual([
      503,
      "[+]certificate ok\n[-]serving failed: the webhook is stopping\nreadyz check failed\n",
    ]);
    expect(await webhook.call("/healthz", { method: "GET", headers: {} })).toMatchObject({ status: 200 });
    const answer = await webhook.call("/mutate", { body: review });
    expect([answer.status, answer.headers["connection"]]).toEqual([200, "close"]);

    expect(await webhook.exited()).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - startMs).toBeGreaterThan(1900);
  });

  it("lets a request in flight finish, and refuses a late one so that API servers ask again", async () => {
    const webhook = await WebhookProcess.start(["--standalone", "--drain-delay", "0s"]);
    const slow = await open(webhook);
    slow.socket.write(
      `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${review.length}\r\n\r\n`,
    );
    // The server has seen the request when it has answered one that was sent after it.
    await webhook.call("/healthz", { method: "GET", headers: { connection: "close" } });
    const late = await open(webhook);
    webhook.kill("SIGTERM");
    await webhook.logged((line) => line["phase"] === "closing");

    late.socket.write("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    expect(await late.answer).toMatch(
      /^HTTP\/1\.1 503 [^]*retry-after: 1\r\n[^]*"reason":"ServiceUnavailable"/i,
    );
    slow.socket.write(review);
    expect(await slow.answer).toMatch(/^HTTP\/1\.1 200 [^]*"allowed":true/);
    expect(await webhook.exited()).toMatchObject({ code: 0 });
  });

  it("leaves idle connections to API servers: a late review on one is told to try again, and then it ends", async () => {
    const webhook = await WebhookProcess.start([
      ...["--standalone", "--drain-delay", "0s", "--shutdown-timeout", "60s"],
    ]);
    const [kept, unused] = [await open(webhook), await open(webhook)];
    kept.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => kept.socket.once("data", resolve));
    webhook.kill("SIGTERM");
    await webhook.logged((line) => line["phase"] === "closing");
    await delay(500);
    for (const { socket, answer } of [kept, unused]) {
      socket.write("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      expect(await answer).toMatch(/HTTP\/1\.1 503 [^]*connection: close\r\n[^]*retry-after: 1\r\n/i);
    }
    expect(await webhook.exited()).toMatchObject({ code: 0 });
  });

  it("closes connections that stay idle before the shutdown timeout is over, which is no fault", async () => {
    const webhook = await WebhookProcess.start([
      ...["--standalone", "--drain-delay", "0s", "--shutdown-timeout", "1s"],
    ]);
    const idle = await open(webhook);
    idle.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => idle.socket.once("data", resolve));
    webhook.kill("SIGTERM");
    await webhook.logged((line) => line["phase"] === "closing");
    const startMs = performance.now();
    // Nothing more comes on it than the answer that it got before.
    expect((await idle.answer).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200"]);
    expect(performance.now() - startMs).toBeGreaterThan(800);
    expect(await webhook.exited()).toMatchObject({ code: 0 });
  });

  it("cuts what does not finish in time, and says so", async () => {
    const webhook = await WebhookProcess.start([
      ...["--standalone", "--drain-delay", "0s", "--shutdown-timeout", "300ms"],
    ]);
    const stuck = await open(webhook);
    stuck.socket.write(
      "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
    );
    await webhook.call("/healthz", { method: "GET", headers: {} });
    webhook.kill("SIGTERM");
    const { code, stderr } = await webhook.exited();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /cocoon-webhook: the webhook \(LISTEN_ADDR, --listen-addr\): 1 request\(s\) unfinished after 300 ms were cut off/,
    );
  });
});

describe("a connection that an API server opens ahead of need", () => {
  it("may wait for its first review: closing it could cut the review that is on its way", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    const ahead = await open(webhook);
    // Longer than servers usually wait for the first request.
    await delay(12_000);
    ahead.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(await ahead.answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("a person at a terminal", () => {
  it("does not wait for the drain delay: Ctrl-C skips it, and so does a second signal", async () => {
    // Longer than the test may take.
    const drain = ["--standalone", "--drain-delay", "5m"];
    const first = await WebhookProcess.start(drain);
    // Kept open by its client, which a person does not wait for either.
    await first.call("/healthz", { method: "GET", headers: {} });
    first.kill("SIGINT");
    expect(await first.exited()).toMatchObject({ code: 0 });

    const second = await WebhookProcess.start(drain);
    second.kill("SIGTERM");
    await second.logged((line) => line["phase"] === "draining");
    second.kill("SIGTERM");
    expect(await second.exited()).toMatchObject({ code: 0 });
  });
});

/** A connection of its own, and all that comes back on it until the other side closes it. */
async function open(webhook: WebhookProcess) {
  const socket = connect({ host: "127.0.0.1", port: webhook.port, rejectUnauthorized: false });
  let text = "";
  const answer = new Promise<string>((resolve, reject) => {
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => {
      resolve(text);
    });
  });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  return { socket, answer };
}
