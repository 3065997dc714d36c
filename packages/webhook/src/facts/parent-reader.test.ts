import { type JsonResponse, RequestError } from "@cocoonstack/common/k8s";
import { describe, expect, it, vi } from "vitest";
import { ClusterParentReader, noCluster } from "./parent-reader.js";

const parent = {
  group: "apps",
  version: "v1",
  resource: "deployments",
  namespace: "prod",
  name: "a/b",
  resourceVersion: "7",
};
const workload = { spec: { template: { spec: {} } } };
const soon = (): number => performance.now() + 5000;

/** A connection whose answers a test decides on, and what came of the fetches. */
function fixture(getJson: (path: string) => Promise<JsonResponse>) {
  const connection = { getJson: vi.fn(getJson) };
  const fetched: string[] = [];
  const reader = new ClusterParentReader(connection, (result) => fetched.push(result));
  return { reader, fetched, getJson: connection.getJson };
}

describe("ClusterParentReader", () => {
  it("reads the main resource, with every part of the path escaped", async () => {
    const { reader, getJson, fetched } = fixture(() => Promise.resolve({ status: 200, body: workload }));
    expect(await reader.read(parent, soon())).toEqual({ result: "found", workload });
    expect(getJson).toHaveBeenCalledExactlyOnceWith("/apis/apps/v1/namespaces/prod/deployments/a%2Fb", {
      timeoutMs: expect.any(Number) as number,
    });
    expect(fetched).toEqual(["found"]);
  });

  it.each<[number, unknown, object]>([
    [404, { kind: "Status", reason: "NotFound" }, { result: "not-found" }],
    [404, "404 page not found", { result: "unavailable", why: "the API server answered 404" }],
    [
      403,
      { kind: "Status", reason: "Forbidden" },
      {
        result: "unavailable",
        why: "the webhook may not read it: its account lacks the rights of config/rbac",
      },
    ],
    [500, undefined, { result: "unavailable", why: "the API server answered 500" }],
  ])("takes %i for what it is", async (status, body, lookup) => {
    const { reader } = fixture(() => Promise.resolve({ status, body }));
    expect(await reader.read(parent, soon())).toEqual(lookup);
  });

  it("asks nothing about a name that would lead elsewhere", async () => {
    const { reader, getJson } = fixture(() => Promise.resolve({ status: 200, body: workload }));
    expect(await reader.read({ ...parent, namespace: ".." }, soon())).toMatchObject({
      result: "unavailable",
    });
    expect(getJson).not.toHaveBeenCalled();
  });

  it("tells a caller nothing of the network", async () => {
    const { reader } = fixture(() => Promise.reject(new RequestError("connection", "10.0.0.1:6443 refused")));
    expect(await reader.read(parent, soon())).toEqual({
      result: "unavailable",
      why: "the API server could not be reached",
    });
  });

  it("shares a fetch among those who ask for the same version while it is on its way", async () => {
    const { reader, getJson, fetched } = fixture(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { status: 200, body: workload };
    });
    const same = Array.from({ length: 5 }, () => reader.read(parent, soon()));
    const other = reader.read({ ...parent, resourceVersion: "8" }, soon());
    expect(await Promise.all([...same, other])).toEqual(Array(6).fill({ result: "found", workload }));
    expect(getJson).toHaveBeenCalledTimes(2);
    expect(fetched).toHaveLength(2);

    await reader.read(parent, soon());
    expect(getJson).toHaveBeenCalledTimes(3);
  });

  it("gives up at each waiter's own deadline", async () => {
    let answer: (response: JsonResponse) => void = () => undefined;
    const { reader } = fixture(() => new Promise((resolve) => (answer = resolve)));
    const patient = reader.read(parent, soon());
    expect(await reader.read(parent, performance.now() + 30)).toEqual({
      result: "unavailable",
      why: "the API server did not answer in time",
    });
    answer({ status: 200, body: workload });
    expect(await patient).toEqual({ result: "found", workload });
  });

  it("asks again for a waiter who has more time than the one whose fetch it shared", async () => {
    let calls = 0;
    const { reader } = fixture(async () => {
      calls += 1;
      if (calls > 1) return { status: 200, body: workload };
      await new Promise((resolve) => setTimeout(resolve, 30));
      throw new RequestError("timeout", "timed out");
    });
    const hasty = reader.read(parent, performance.now() + 25);
    const patient = reader.read(parent, soon());
    expect(await hasty).toMatchObject({ result: "unavailable" });
    expect(await patient).toEqual({ result: "found", workload });
  });

  it("does not ask at all once the time is over", async () => {
    const { reader, getJson } = fixture(() => Promise.resolve({ status: 200, body: workload }));
    expect(await reader.read(parent, performance.now() - 1)).toMatchObject({ result: "unavailable" });
    expect(getJson).not.toHaveBeenCalled();
  });
});

describe("noCluster", () => {
  it("says so", async () => {
    expect(await noCluster.read(parent, soon())).toEqual({ result: "no-cluster" });
  });
});
