import type { ApiRequest, ApiResponse } from "@cocoonstack/common/k8s";
import { describe, expect, it } from "vitest";
import { BundlePublisher } from "./bundle-publisher.js";

const answer = (status: number, body: object): ApiResponse => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});

const configuration = (resourceVersion: string): object => ({
  metadata: { uid: "1", generation: 1, resourceVersion },
  webhooks: [{ clientConfig: {} }],
});

const unprocessable = {
  kind: "Status",
  reason: "Invalid",
  message: "the server rejected our request due to an error in our request",
};

/** Configurations that each answer to a GET makes one version newer, or leaves; every PATCH is a 422. */
function refusing({ newerEachTime }: { readonly newerEachTime: boolean }): BundlePublisher {
  let version = 1;
  const request = ({ method = "GET" }: ApiRequest): Promise<ApiResponse> => {
    if (method === "PATCH") return Promise.resolve(answer(422, unprocessable));
    return Promise.resolve(answer(200, configuration(String(newerEachTime ? version++ : version))));
  };
  return new BundlePublisher({ request }, "cocoon-webhook");
}

describe("BundlePublisher", () => {
  it("takes a 422 for somebody else's write where the configuration has changed", async () => {
    expect(await refusing({ newerEachTime: true }).publish("PEM")).toMatchObject({ outcome: "overtaken" });
  });

  it("passes a 422 on where it has not: the API server does not take the configuration", async () => {
    await expect(refusing({ newerEachTime: false }).publish("PEM")).rejects.toThrow(
      "PATCH /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/cocoon-webhook: Invalid",
    );
  });
});
