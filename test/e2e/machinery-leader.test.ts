import type { ApiRequest, ClusterConnection } from "@cocoonstack/common/k8s";
import { LeaseLostError, runAsLeader, type Leadership } from "@cocoonstack/machinery/leader";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { connectThrough } from "../support/connect-through.js";
import { until } from "../support/eventually.js";
import { namespace } from "../support/objects.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { faultProxy } from "../support/fault-proxy.js";

const plane = sharedControlPlane();
const ns = "machinery-leader";
beforeAll(() => plane.request("POST", "/api/v1/namespaces", namespace(ns)));
afterAll(() => plane.kubectl(["delete", "namespace", ns, "--wait=false"]));

/** A clock that is wrong by this much, as it shows in what is written. */
const skewed = (connection: ClusterConnection, skewMs: number): Pick<ClusterConnection, "request"> => ({
  request: ({ body, ...rest }: ApiRequest) =>
    connection.request({
      ...rest,
      body: body?.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+\.\d{3}(?=000Z)/g, (time) =>
        new Date(Date.parse(`${time}Z`) + skewMs).toISOString().replace("Z", ""),
      ),
    }),
});

/** A replica behind a proxy of its own. It leads until it is told to end. */
async function replica(name: string, identity: string, skewMs: number) {
  const proxy = await faultProxy(plane.url);
  const connection = await connectThrough(plane, proxy);
  const stop = new AbortController();
  let leadership: Leadership | undefined;
  const times = { leaseMs: 3_000, renewDeadlineMs: 2_000, retryMs: 300 };
  const options = { connection: skewed(connection, skewMs), namespace: ns, name, identity, ...times };
  const result = runAsLeader(options, stop.signal, async (given) => {
    leadership = given;
    await new Promise((resolve) => {
      given.signal.addEventListener("abort", resolve);
    });
  }).then(
    () => "ended",
    (error: unknown) => error,
  );
  const leads = (): boolean => leadership?.holds() ?? false;
  onTestFinished(async () => {
    stop.abort();
    proxy.resume();
    await result;
    await connection.close();
    await proxy[Symbol.asyncDispose]();
  });
  return {
    proxy,
    result,
    leads,
    stop: () => {
      stop.abort();
    },
    toLead: () =>
      until(
        `${identity} does not lead`,
        () => Promise.resolve(leads()),
        (yes) => yes,
      ),
  };
}

const holder = async (name: string): Promise<unknown> => {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases/${name}`;
  const { spec } = (await plane.request("GET", path)).body as { spec: { holderIdentity?: string } };
  return spec.holderIdentity;
};

describe("replicas whose clocks are an hour apart", () => {
  it("lead one at a time, and hand over at once when one stops", async () => {
    const ahead = await replica("handover", "ahead", 3_600_000);
    await ahead.toLead();
    const behind = await replica("handover", "behind", -3_600_000);
    const seen: boolean[][] = [];
    const watching = setInterval(() => seen.push([ahead.leads(), behind.leads()]), 20);
    onTestFinished(() => {
      clearInterval(watching);
    });
    // Longer than a lease: whoever compared clocks would have taken it by now.
    await until(
      "time stands still",
      () => Promise.resolve(seen.length),
      (count) => count > 200,
    );
    expect([ahead.leads(), await holder("handover")]).toEqual([true, "ahead"]);
    ahead.stop();
    expect(await ahead.result).toBe("ended");
    await behind.toLead();
    expect(seen.filter(([first, second]) => first === true && second === true)).toEqual([]);
    behind.stop();
    await behind.result;
    expect(await holder("handover")).toBeUndefined();
  });

  it("lose it before another one takes it, where one reaches the server no more", async () => {
    const first = await replica("partition", "first", -3_600_000);
    await first.toLead();
    const second = await replica("partition", "second", 3_600_000);
    first.proxy.stall();
    let both = false;
    const watching = setInterval(() => (both ||= first.leads() && second.leads()), 20);
    onTestFinished(() => {
      clearInterval(watching);
    });
    await second.toLead();
    expect([first.leads(), both, await holder("partition")]).toEqual([false, false, "second"]);
    expect(await first.result).toBeInstanceOf(LeaseLostError);
  });
});
