import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AdmissionHandler,
  admissionApiVersion,
  admissionKind,
  deny,
  type HttpFault,
  sendStatus,
  serve,
} from "@cocoonstack/common/k8s/admission";
import { describe, expect, it, onTestFinished } from "vitest";
import { admissionRequest, reviewOf } from "../support/admission-request.js";

/** What this listener answers to a review, over a socket. */
async function post(listener: RequestListener): Promise<Response> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/x?timeout=7s`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: reviewOf(admissionRequest("Pod", { uid: "u-1" })),
  });
}

/** The `response` that this handler leads to, and what the observers were told. */
async function ask(handler: AdmissionHandler) {
  const errors: unknown[] = [];
  const answer = await post(serve(handler, { onError: (error) => errors.push(error) }));
  const { response } = (await answer.json()) as { response: Record<string, unknown> };
  return { status: answer.status, response, errors };
}

const refused = { uid: "u-1", allowed: false, status: { code: 500, reason: "InternalError" } };

describe("serve", () => {
  it("allows where the handler says nothing", async () => {
    expect(await ask(() => undefined)).toEqual({
      status: 200,
      response: { uid: "u-1", allowed: true },
      errors: [],
    });
  });

  it("answers what the handler answers, with the uid of the request", async () => {
    const { response } = await ask(() => deny("no", { code: 409, reason: "Conflict", warnings: ["w"] }));
    expect(response).toEqual({
      uid: "u-1",
      allowed: false,
      status: { message: "no", code: 409, reason: "Conflict" },
      warnings: ["w"],
    });
  });

  it.each<[string, AdmissionHandler]>([
    [
      "throws",
      () => {
        throw new Error("secret internals");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret internals"))],
    ["gives what is no JSON", () => ({ allowed: true, auditAnnotations: { a: 1n as never } })],
  ])("refuses where the handler %s, and keeps the cause to itself", async (_, handler) => {
    const { status, response, errors } = await ask(handler);
    expect(status).toBe(200);
    expect(response).toMatchObject(refused);
    expect(JSON.stringify(response)).not.toContain("secret");
    expect(errors).toHaveLength(1);
  });

  it("answers with a review of the same kind and version, and does not echo the request", async () => {
    const answer = await post(serve(() => undefined));
    expect(await answer.json()).toEqual({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "u-1", allowed: true },
    });
    expect([admissionApiVersion, admissionKind]).toEqual(["admission.k8s.io/v1", "AdmissionReview"]);
  });

  it("tells the handler how long the caller waits", async () => {
    let timeoutMs: number | undefined;
    await ask((_request, context) => {
      timeoutMs = context.timeoutMs;
      return undefined;
    });
    expect(timeoutMs).toBe(7000);
  });
});

describe("sendStatus", () => {
  const fault: HttpFault = { code: 405, reason: "MethodNotAllowed", message: "use POST — not GET" };
  const send = (more: Partial<HttpFault> = {}): Promise<Response> =>
    post((request, response) => {
      request.resume();
      sendStatus(response, { ...fault, ...more });
    });

  it("answers with a Status that Kubernetes clients understand", async () => {
    const answer = await send();
    const text = await answer.text();
    expect(answer.status).toBe(405);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
    expect(JSON.parse(text)).toEqual({
      apiVersion: "v1",
      kind: "Status",
      metadata: {},
      status: "Failure",
      ...fault,
    });
  });

  it("sends further headers, and keeps them out of the Status", async () => {
    const answer = await send({ headers: { Allow: "POST" } });
    expect(answer.headers.get("allow")).toBe("POST");
    expect(await answer.json()).not.toHaveProperty("headers");
  });

  it.each([
    [undefined, "keep-alive"],
    [false, "keep-alive"],
    [true, "close"],
  ])("with close: %s, the connection is told to %s", async (close, connection) => {
    const answer = await send(close === undefined ? {} : { close });
    expect(answer.headers.get("connection")).toBe(connection);
  });
});
