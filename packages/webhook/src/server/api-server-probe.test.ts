import { describe, expect, it } from "vitest";
import { ApiServerProbe } from "./api-server-probe.js";

/** A probe of an API server that answers these statuses in turn; undefined for no answer. */
const probeOf = (...statuses: (number | undefined)[]): ApiServerProbe =>
  new ApiServerProbe({
    getJson: () => {
      const status = statuses.shift();
      return status === undefined
        ? Promise.reject(new Error("connection refused"))
        : Promise.resolve({ status, body: {} });
    },
  });

describe("ApiServerProbe", () => {
  it("finds a fault only after three failures in a row, and none after one success", async () => {
    const probe = probeOf(500, undefined, 200, 500, undefined, undefined, 200);
    const faults: boolean[] = [];
    for (let asked = 0; asked < 7; asked++) {
      await probe.ask();
      faults.push(probe.fault() !== undefined);
    }
    expect(faults).toEqual([false, false, false, false, false, true, false]);
  });

  it("gives the detail to whoever asks, for the log, and none to whoever probes", async () => {
    const probe = probeOf(500, 401, undefined);
    expect(await probe.ask()).toBe("the API server answered 500 to GET /version");
    expect(await probe.ask()).toBe("the API server does not accept the webhook's credentials (401)");
    expect(await probe.ask()).toBe("connection refused");
    expect(probe.fault()).toBe("the API server did not answer 3 times in a row; the log says why");
  });
});
