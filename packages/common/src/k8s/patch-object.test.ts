import { describe, expect, it } from "vitest";
import type { CocoonSet } from "../apis/v1/index.js";
import { ApiError } from "./api-error.js";
import type { ApiRequest, ApiResponse } from "./cluster-connection.js";
import { patchCocoonSetGeneration, patchHibernateState } from "./patch-pod.js";
import { patchStatus } from "./patch-status.js";
import { RequestError } from "./request-error.js";

const set = {
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonSet",
  metadata: { namespace: "shop", name: "demo", resourceVersion: "7" },
  spec: { agent: { image: "a" } },
  status: { phase: "Pending", agents: [{ role: "main", slot: 0 }] },
} satisfies CocoonSet;

/** A connection that keeps what it is asked, and answers `body` with `status`. */
function answering(body: unknown = {}, status = 200) {
  const requests: ApiRequest[] = [];
  const request = (asked: ApiRequest): Promise<ApiResponse> => {
    requests.push(asked);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return Promise.resolve({ status, headers: {}, body: Buffer.from(text) });
  };
  const sent = (): unknown[] => requests.map(({ body: text = "" }) => JSON.parse(text) as unknown);
  return { request, requests, sent };
}

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe("patchStatus", () => {
  it("sends the difference to the subresource, once, and leaves the object alone", async () => {
    const connection = answering({ kind: "CocoonSet", status: { phase: "Running" } });
    const before = structuredClone(set);
    const stop = new AbortController();
    const options = { timeoutMs: 5, signal: stop.signal };
    const updated = await patchStatus<CocoonSet>(
      connection,
      set,
      (status) => {
        status.phase = "Running";
        status.agents?.push({ role: "sub-agent", slot: 1 });
      },
      options,
    );
    expect(updated).toEqual({ kind: "CocoonSet", status: { phase: "Running" } });
    expect(connection.requests).toMatchObject([
      {
        method: "PATCH",
        path: "/apis/cocoonset.cocoonstack.io/v1/namespaces/shop/cocoonsets/demo/status",
        contentType: "application/merge-patch+json",
        ...options,
      },
    ]);
    const agents = [...before.status.agents, { role: "sub-agent", slot: 1 }];
    expect(connection.sent()).toEqual([{ status: { phase: "Running", agents } }]);
    expect(set).toEqual(before);
  });

  it.each<[string, (status: NonNullable<CocoonSet["status"]>) => void]>([
    ["nothing is touched", () => undefined],
    ["everything is written as it was", (status) => Object.assign(status, structuredClone(set.status))],
    ["what was missing is undefined", (status) => Object.assign(status, { conditions: undefined })],
  ])("sends nothing when %s", async (_name, change) => {
    const connection = answering();
    expect(await patchStatus<CocoonSet>(connection, set, change)).toBe(set);
    expect(connection.requests).toEqual([]);
  });

  it("takes an object without status, and removes what is removed", async () => {
    const connection = answering();
    const fresh: CocoonSet = { ...set };
    delete fresh.status;
    await patchStatus<CocoonSet>(connection, fresh, (status) => (status.readyAgents = 0));
    await patchStatus<CocoonSet>(connection, set, (status) => delete status.phase);
    expect(connection.sent()).toEqual([{ status: { readyAgents: 0 } }, { status: { phase: null } }]);
  });

  it("sends the version that was read where it is asked to", async () => {
    const connection = answering();
    await patchStatus<CocoonSet>(connection, set, (status) => (status.readyAgents = 1), {
      optimisticLock: true,
    });
    expect(connection.sent()).toEqual([{ metadata: { resourceVersion: "7" }, status: { readyAgents: 1 } }]);
  });

  it("knows objects of the core group, of the whole cluster, and odd plurals", async () => {
    const connection = answering();
    const change = (status: { phase?: string }): void => void (status.phase = "x");
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "a b" }, status: {} };
    await patchStatus(connection, node, change);
    const ingress = { ...node, apiVersion: "networking.k8s.io/v1", kind: "Ingress" };
    await patchStatus(connection, ingress, change, { resource: "ingresses" });
    expect(connection.requests.map(({ path }) => path)).toEqual([
      "/api/v1/nodes/a%20b/status",
      "/apis/networking.k8s.io/v1/ingresses/a%20b/status",
    ]);
  });

  it.each([
    [{ ...set, apiVersion: "" }, "without apiVersion and metadata.name"],
    [{ ...set, metadata: { namespace: "shop" } }, "without apiVersion and metadata.name"],
    [{ ...set, kind: undefined }, "without the object's kind, or the resource"],
    [{ ...set, metadata: { name: "demo" } }, "optimisticLock needs the object's metadata.resourceVersion"],
  ])("refuses an object that does not say who it is: %j", async (object, message) => {
    const connection = answering();
    const error = await failure(patchStatus(connection, object, () => undefined, { optimisticLock: true }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
    expect(connection.requests).toEqual([]);
  });

  it("sends nothing when the change throws", async () => {
    const connection = answering();
    const patched = patchStatus<CocoonSet>(connection, set, (status) => {
      status.phase = "Failed";
      throw new Error("on second thought");
    });
    await expect(patched).rejects.toThrow("on second thought");
    expect(connection.requests).toEqual([]);
  });
});

describe("an answer that is no success", () => {
  const patch = (connection: Pick<ReturnType<typeof answering>, "request">): Promise<unknown> =>
    failure(patchStatus<CocoonSet>(connection, set, (status) => (status.phase = "Running")));
  const what = "PATCH /apis/cocoonset.cocoonstack.io/v1/namespaces/shop/cocoonsets/demo/status";

  it("becomes an ApiError with what the server says", async () => {
    const details = { name: "demo", kind: "cocoonsets" };
    const status = {
      kind: "Status",
      code: 409,
      reason: "Conflict",
      message: "the object\nhas been modified",
      details,
    };
    const error = await patch(answering(status, 409));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 409,
      reason: "Conflict",
      message: `${what}: Conflict (status 409): the object has been modified`,
      details,
    });
  });

  it.each([
    ["<html>bad gateway</html>", `${what}: status 502, and not from the API server`, ""],
    [{ error: "upstream" }, `${what}: status 502, and not from the API server`, ""],
    [{ kind: "Status" }, `${what}: Unknown (status 502): it does not say why`, "Unknown"],
  ])("becomes an ApiError: %j", async (body, message, reason) => {
    expect(await patch(answering(body, 502))).toMatchObject({ status: 502, reason, message, details: {} });
  });

  it("a success that is no JSON is a RequestError", async () => {
    const error = await patch(answering("<html>welcome</html>"));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({
      kind: "malformed",
      message: `${what}: the answer (status 200) is not JSON`,
    });
  });
});

describe("pods", () => {
  const podWith = (annotations?: Record<string, string> | null) => ({
    metadata: { namespace: "shop", name: "demo-0", annotations },
  });
  const hibernate = "vm.cocoonstack.io/hibernate";
  const generation = "cocoonset.cocoonstack.io/generation";

  it.each([
    [undefined, true, { [hibernate]: "true" }],
    [null, true, { [hibernate]: "true" }],
    [{ [hibernate]: "True" }, true, { [hibernate]: "true" }],
    [{ [hibernate]: "true" }, false, { [hibernate]: null }],
    [{ [hibernate]: "true" }, true, undefined],
    [{ [hibernate]: "false" }, false, undefined],
    [{}, false, undefined],
  ])("hibernation of %j to %j", async (annotations, on, sent) => {
    const connection = answering({ answered: true });
    const pod = podWith(annotations);
    const result = await patchHibernateState(connection, pod, on);
    expect(connection.sent()).toEqual(sent === undefined ? [] : [{ metadata: { annotations: sent } }]);
    if (sent === undefined) expect(result).toBe(pod);
    else expect(result).toEqual({ answered: true });
  });

  it.each([
    [undefined, 3, "3"],
    [{ [generation]: "2" }, 3, "3"],
    [{ [generation]: "three" }, 3, "3"],
    [{ [generation]: "3" }, 0, "0"],
    [{ [generation]: "3" }, 3, undefined],
    [{ [generation]: "+03" }, 3, undefined],
    [{ [generation]: "three" }, 0, undefined],
    [undefined, 0, undefined],
  ])("generation of %j to %j", async (annotations, value, sent) => {
    const connection = answering();
    await patchCocoonSetGeneration(connection, podWith(annotations), value);
    expect(connection.sent()).toEqual(
      sent === undefined ? [] : [{ metadata: { annotations: { [generation]: sent } } }],
    );
  });

  it("go to their own path", async () => {
    const connection = answering();
    await patchHibernateState(connection, podWith(), true);
    await patchCocoonSetGeneration(connection, podWith(), 1);
    const path = "/api/v1/namespaces/shop/pods/demo-0";
    expect(connection.requests).toMatchObject([{ path }, { path }]);
  });

  it("without a name or a namespace are refused, and so is a number that is no generation", async () => {
    const connection = answering();
    for (const metadata of [{ name: "demo-0" }, { namespace: "shop" }]) {
      expect(await failure(patchHibernateState(connection, { metadata }, true))).toBeInstanceOf(TypeError);
    }
    for (const value of [1.5, NaN, 2 ** 53]) {
      expect(await failure(patchCocoonSetGeneration(connection, podWith(), value))).toBeInstanceOf(
        RangeError,
      );
    }
    expect(connection.requests).toEqual([]);
  });
});
