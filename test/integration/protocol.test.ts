import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admissionRequest, reviewOf } from "../support/admission-request.js";
import { eventually } from "../support/eventually.js";
import { type Answer, type Call, WebhookProcess } from "../support/webhook-process.js";

let webhook: WebhookProcess;
beforeAll(async () => {
  webhook = await WebhookProcess.start([
    "--standalone",
    "--max-body-bytes",
    "100000",
    "--body-timeout",
    "1s",
  ]);
});
afterAll(() => webhook.stop());

const json = { "content-type": "application/json" };
const marker = "do-not-echo-me";
const stray = { metadata: { name: "p" }, spec: { tolerations: [{ key: "virtual-kubelet.io/provider" }] } };
const strayReview = reviewOf(admissionRequest("Pod", { object: stray }));

function statusOf({ headers, body }: Answer): unknown {
  expect(headers["content-type"]).toBe("application/json");
  expect(body).not.toContain(marker);
  expect(body.length).toBeLessThan(500);
  return JSON.parse(body);
}

describe("what is no admission review", () => {
  it.each<[string, Call, number, string, RegExp]>([
    ["GET", { method: "GET", headers: {} }, 405, "MethodNotAllowed", /sent by POST/],
    ["PUT", { method: "PUT", headers: json, body: marker }, 405, "MethodNotAllowed", /sent by POST/],
    ["no content type", { headers: {}, body: marker }, 415, "UnsupportedMediaType", /application\/json/],
    [
      "a form",
      { headers: { "content-type": "text/plain" }, body: marker },
      415,
      "UnsupportedMediaType",
      /application\/json/,
    ],
    [
      "gzip",
      { headers: { ...json, "content-encoding": "gzip" }, body: marker },
      415,
      "UnsupportedMediaType",
      /without a content encoding/,
    ],
    ["an empty body", { headers: json, body: "" }, 400, "BadRequest", /not valid JSON/],
    ["broken JSON", { headers: json, body: `{"${marker}"` }, 400, "BadRequest", /not valid JSON/],
    ["invalid UTF-8", { headers: json, body: Buffer.from([0x22, 0xff, 0x22]) }, 400, "BadRequest", /UTF-8/],
    ["a list", { headers: json, body: "[]" }, 400, "BadRequest", /not a JSON object/],
    ["null", { headers: json, body: "null" }, 400, "BadRequest", /not a JSON object/],
    [
      "another API version",
      {
        headers: json,
        body: '{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{}}',
      },
      400,
      "BadRequest",
      /apiVersion must be admission\.k8s\.io\/v1/,
    ],
    [
      "another kind",
      { headers: json, body: '{"apiVersion":"admission.k8s.io/v1","kind":"Pod"}' },
      400,
      "BadRequest",
      /kind must be AdmissionReview/,
    ],
    [
      "no request",
      { headers: json, body: reviewOf(undefined) },
      400,
      "BadRequest",
      /request must be an object/,
    ],
    [
      "a request that is a list",
      { headers: json, body: reviewOf([]) },
      400,
      "BadRequest",
      /request must be an object/,
    ],
    [
      "no uid",
      { headers: json, body: reviewOf({ operation: "CREATE" }) },
      400,
      "BadRequest",
      /request\.uid must not be empty/,
    ],
    [
      "a field of another type",
      { headers: json, body: reviewOf({ uid: "1", operation: "CREATE", namespace: [marker] }) },
      400,
      "BadRequest",
      /namespace must be a string/,
    ],
    [
      "an unknown operation",
      { headers: json, body: reviewOf({ uid: "1", operation: marker }) },
      400,
      "BadRequest",
      /operation must be CREATE, UPDATE, DELETE or CONNECT/,
    ],
    [
      "a long body",
      { headers: json, body: marker.repeat(10_000) },
      413,
      "RequestEntityTooLarge",
      /100000 bytes/,
    ],
  ])("is refused with a small Status: %s", async (_, call, code, reason, message) => {
    const answer = await webhook.call("/mutate", call);
    expect(answer.status).toBe(code);
    expect(statusOf(answer)).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      code,
      reason,
      message: expect.stringMatching(message) as string,
    });
  });

  it("names the way in at a path that does not exist", async () => {
    const answer = await webhook.call("/mutat", { body: strayReview });
    expect(answer.status).toBe(404);
    expect(statusOf(answer)).toHaveProperty("message", expect.stringContaining("/validate-cocoonset"));
  });

  it("says which method is allowed", async () => {
    expect((await webhook.call("/validate", { method: "DELETE" })).headers).toMatchObject({ allow: "POST" });
    expect((await webhook.call("/healthz", { method: "POST", body: "" })).headers).toMatchObject({
      allow: "GET, HEAD",
    });
  });
});

/** Opens a TLS connection, sends `text`, and gives what came back until the other side closed, and when that was. */
function raw(text: string): Promise<{ readonly answer: string; readonly afterMs: number }> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    let answer = "";
    const socket = connect({ host: "127.0.0.1", port: webhook.port, rejectUnauthorized: false }, () => {
      socket.write(text);
    });
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => {
      resolve({ answer, afterMs: performance.now() - startMs });
    });
  });
}

const head = (...lines: string[]): string =>
  ["POST /mutate HTTP/1.1", "Host: x", "Content-Type: application/json", ...lines, "", ""].join("\r\n");

describe("the body's limits", () => {
  it("refuses a declared length without reading a byte of it, and hangs up", async () => {
    const { answer } = await raw(head("Content-Length: 100001"));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/Connection: close/i);
  });

  it("refuses a body of unknown length at the limit, and hangs up", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const { answer } = await raw(head("Transfer-Encoding: chunked") + chunk + chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("cuts off a body that does not come, with an answer", async () => {
    const { answer, afterMs } = await raw(`${head("Content-Length: 10")}{`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/"reason":"Timeout"/);
    expect(afterMs).toBeGreaterThan(900);
  });

  it("refuses a message with two lengths", async () => {
    const { answer } = await raw(head("Content-Length: 3", "Transfer-Encoding: chunked") + "0\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("survives a client that goes away in the middle", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: webhook.port, rejectUnauthorized: false }, () => {
        socket.write(head("Content-Length: 10"), () => {
          socket.destroy();
          resolve();
        });
      });
    });
    expect(await webhook.review("/mutate", strayReview)).toMatchObject({ allowed: false });
  });
});

describe("an admission review", () => {
  it("is answered with the uid and the decision alone", async () => {
    const object = { ...stray, metadata: { name: "p", annotations: { marker } } };
    const { status, headers, body } = await webhook.call("/mutate", {
      headers: { "content-type": "application/json; charset=utf-8" },
      body: reviewOf(admissionRequest("Pod", { uid: "u-1", object })),
    });
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(JSON.parse(body)).toEqual({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: {
        uid: "u-1",
        allowed: false,
        status: {
          code: 403,
          reason: "Forbidden",
          message: expect.stringMatching(/^pod prod\/p tolerates virtual-kubelet\.io\/provider/) as string,
        },
      },
    });
  });

  it("holds nothing but the uid where the request may go on", async () => {
    const { body } = await webhook.call("/mutate", {
      body: reviewOf(admissionRequest("Pod", { uid: "u-2", object: { spec: {} } })),
    });
    expect(JSON.parse(body)).toHaveProperty("response", { uid: "u-2", allowed: true });
  });

  it.each([
    [
      "duplicate keys: the last one counts",
      `{"spec":{"tolerations":[]},"spec":{"tolerations":[{"key":"virtual-kubelet.io/provider"}]}}`,
      false,
    ],
    [
      "__proto__ lends no owner",
      `{"__proto__":{"metadata":{"ownerReferences":[{"kind":"CocoonSet","apiVersion":"cocoonset.cocoonstack.io/v1"}]}},"spec":{"tolerations":[{"key":"virtual-kubelet.io/provider"}]}}`,
      false,
    ],
    [
      "__proto__ lends no toleration",
      `{"spec":{"__proto__":{"tolerations":[{"key":"virtual-kubelet.io/provider"}]}}}`,
      true,
    ],
    [
      "constructor keys",
      `{"constructor":{"prototype":{"spec":1}},"spec":{"tolerations":[{"key":"virtual-kubelet.io/provider","constructor":{}}]}}`,
      false,
    ],
    [
      "deep nesting beside it",
      `{"x":${"[".repeat(20_000)}${"]".repeat(20_000)},"spec":{"tolerations":[{"key":"virtual-kubelet.io/provider"}]}}`,
      false,
    ],
  ])("is decided the same with %s", async (_, object, allowed) => {
    const request = JSON.stringify({ ...admissionRequest("Pod"), object: 0 });
    const body = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":${request.replace('"object":0', `"object":${object}`)}}`;
    expect(await webhook.review("/mutate", body)).toMatchObject({ allowed });
  });

  it("gets the same answer as a dry run", async () => {
    const review = reviewOf(admissionRequest("Pod", { object: stray, dryRun: true }));
    expect(await webhook.review("/mutate", review)).toMatchObject({ allowed: false, status: { code: 403 } });
  });
});

describe("probes", () => {
  it("says that it is alive and ready, and what that means", async () => {
    const get = (path: string): Promise<Answer> => webhook.call(path, { method: "GET", headers: {} });
    expect(await get("/healthz")).toMatchObject({ status: 200, body: "ok" });
    expect(await get("/readyz")).toMatchObject({ status: 200, body: "ok" });
    expect(await get("/readyz?verbose")).toMatchObject({
      status: 200,
      body: "[+]certificate ok\n[+]serving ok\nreadyz check passed\n",
    });
  });
});

describe("overload", () => {
  it("is answered so that API servers ask again, and probes go on", async () => {
    await using busy = await WebhookProcess.start(["--standalone", "--max-in-flight", "1"]);
    const socket = connect({ host: "127.0.0.1", port: busy.port, rejectUnauthorized: false });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    socket.write(head(`Content-Length: ${strayReview.length}`));
    // The server has seen the request when it has answered one that was sent after it.
    expect(await busy.call("/healthz", { method: "GET", headers: {} })).toMatchObject({ status: 200 });

    const answer = await busy.call("/mutate", { body: strayReview });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    expect(statusOf(answer)).toMatchObject({ reason: "ServiceUnavailable" });
    expect((await busy.metrics()).get('cocoon_webhook_refused_requests_total{cause="overload"}')).toBe(1);

    socket.write(strayReview);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    expect(await busy.review("/mutate", strayReview)).toMatchObject({ allowed: false });
  });
});

describe("large bodies", () => {
  /** Sends all of a body but its last byte, on a connection of its own. */
  async function hold(port: number, body: string): Promise<ReturnType<typeof connect>> {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    await new Promise((resolve) =>
      socket.write(head(`Content-Length: ${body.length}`) + body.slice(0, -1), resolve),
    );
    return socket;
  }

  it("share a part of the memory, and leave room for small ones", async () => {
    await using roomy = await WebhookProcess.start(["--standalone", "--max-bodies-bytes", "1000000"]);
    const large = reviewOf(admissionRequest("Pod", { object: { ...stray, x: "x".repeat(800_000) } }));
    const held = await hold(roomy.port, large);
    const refused = async (): Promise<number> => (await roomy.call("/mutate", { body: large })).status;
    expect(await eventually(refused, (status) => status === 503)).toBe(503);
    expect(await roomy.review("/mutate", strayReview)).toMatchObject({ allowed: false });
    expect((await roomy.call("/mutate", { body: large })).headers["retry-after"]).toBe("1");

    held.destroy();
    expect(await eventually(refused, (status) => status === 200)).toBe(200);
  });

  it("of brackets are refused before they fill the memory", async () => {
    const env = { NODE_OPTIONS: "--max-old-space-size=64" };
    await using small = await WebhookProcess.start(["--standalone"], env);
    const brackets = "[".repeat(5_000_000) + "]".repeat(5_000_000);
    for (const body of [brackets, `[${"{},".repeat(3_300_000)}0]`]) {
      const answer = await small.call("/mutate", { body });
      expect([answer.status, statusOf(answer)]).toMatchObject([
        400,
        { message: expect.stringMatching(/more than 1/) as string },
      ]);
    }
    expect(await small.review("/mutate", strayReview)).toMatchObject({ allowed: false });
  });
});

describe("an object of nothing but mistakes", () => {
  it("gets an answer of a bounded length", async () => {
    await using roomy = await WebhookProcess.start(["--standalone"]);
    const object = { spec: { toolboxes: Array<object>(500_000).fill({}) } };
    const { status, body } = await roomy.call("/validate-cocoonset", {
      body: reviewOf(admissionRequest("CocoonSet", { object })),
    });
    expect(status).toBe(200);
    expect(body).toContain('"code":422');
    expect(body.length).toBeLessThan(50_000);
  });
});
