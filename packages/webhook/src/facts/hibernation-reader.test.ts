import { type JsonResponse, RequestError } from "@cocoonstack/common/k8s";
import { describe, expect, it, vi } from "vitest";
import { ClusterHibernationReader, noHibernations } from "./hibernation-reader.js";

const soon = (): number => performance.now() + 5000;
const base = "/apis/cocoonset.cocoonstack.io/v1/namespaces/prod/cocoonhibernations?limit=500";

const page = (items: unknown, next?: string): JsonResponse => ({
  status: 200,
  body: { items, metadata: next === undefined ? {} : { continue: next } },
});

/** A reader whose API server gives these answers, one after the other. */
function fixture(...answers: (JsonResponse | Error)[]) {
  const getJson = vi.fn<(path: string) => Promise<JsonResponse>>(() => {
    const answer = answers.shift() ?? new Error("asked once too often");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const failures: RequestError[] = [];
  const reader = new ClusterHibernationReader({ getJson }, (error) => failures.push(error));
  return { reader, failures, paths: () => getJson.mock.calls.map(([path]) => path) };
}

describe("ClusterHibernationReader", () => {
  it("reads every page", async () => {
    const { reader, paths } = fixture(page([1, 2], "a/b="), page([3], "c"), page([], ""));
    expect(await reader.list("prod", soon())).toEqual({ result: "listed", items: [1, 2, 3] });
    expect(paths()).toEqual([base, `${base}&continue=a%2Fb%3D`, `${base}&continue=c`]);
  });

  it("begins anew where the list expires in the middle", async () => {
    const { reader } = fixture(page([1], "a"), { status: 410, body: {} }, page([2], "b"), page([3]));
    expect(await reader.list("prod", soon())).toEqual({ result: "listed", items: [2, 3] });
  });

  it.each<[string, JsonResponse, string]>([
    [
      "403",
      { status: 403, body: {} },
      "the webhook may not read it: its account lacks the rights of config/rbac",
    ],
    ["404", { status: 404, body: {} }, "the API server answered 404"],
    ["410 at once", { status: 410, body: {} }, "the API server answered 410"],
    ["a body that is no list", { status: 200, body: null }, "the API server's answer is no list"],
    ["items that are no list", page({}), "the API server's answer is no list"],
    [
      "a token that is no text",
      { status: 200, body: { items: [], metadata: { continue: 1 } } },
      "the API server's answer is no list",
    ],
  ])("takes %s for a failure, also on a later page", async (_, answer, why) => {
    expect(await fixture(answer).reader.list("prod", soon())).toEqual({ result: "unavailable", why });
    if (answer.status !== 410) {
      expect(await fixture(page([1], "a"), answer).reader.list("prod", soon())).toEqual({
        result: "unavailable",
        why,
      });
    }
  });

  it("tells a caller nothing of the network, and the log everything", async () => {
    const error = new RequestError("connection", "10.0.0.1:6443 refused");
    const { reader, failures } = fixture(error);
    expect(await reader.list("prod", soon())).toEqual({
      result: "unavailable",
      why: "the API server could not be reached",
    });
    expect(failures).toEqual([error]);
  });

  it("does not hide a mistake of ours", async () => {
    await expect(fixture(new TypeError("x")).reader.list("prod", soon())).rejects.toThrow(TypeError);
  });

  it("does not ask once the time is over", async () => {
    const { reader, paths } = fixture(page([]));
    expect(await reader.list("prod", performance.now() - 1)).toMatchObject({ result: "unavailable" });
    expect(paths()).toEqual([]);
  });
});

describe("noHibernations", () => {
  it("says that there is no cluster", async () => {
    expect(await noHibernations.list("prod", soon())).toEqual({ result: "no-cluster" });
  });
});
