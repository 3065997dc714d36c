import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AdmissionHandler, deny, serve } from "@cocoonstack/common/k8s/admission";
import { describe, expect, it, onTestFinished } from "vitest";
import { admissionRequest, reviewOf } from "../support/admission-request.js";

/** The `response` that this handler leads to, over a socket, and what the observers were told. */
async function ask(handler: AdmissionHandler) {
  const errors: unknown[] = [];
  const server = createServer(serve(handler, { onError: (error) => errors.push(error) })).listen(
    0,
    "127.0.0.1",
  );
  onTestFinished(() => {
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/x?timeout=7s`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: reviewOf(admissionRequest("Pod", { uid: "u-1" })),
  });
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

  it("tells the handler how long the caller waits", async () => {
    let timeoutMs: number | undefined;
    await ask((_request, context) => {
      timeoutMs = context.timeoutMs;
      return undefined;
    });
    expect(timeoutMs).toBe(7000);
  });
});
