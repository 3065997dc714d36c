import { describe, expect, it } from "vitest";
import { webhookConfigurations } from "./configurations.js";

const byService = { by: "service", namespace: "cocoon-system", name: "cocoon-webhook", port: 443 } as const;

describe("webhookConfigurations", () => {
  it("asks the mutating webhook about pods and the validating one about the rest", () => {
    const configurations = webhookConfigurations({ target: byService });
    expect(
      configurations.map(({ kind, metadata, webhooks }) => [
        kind,
        metadata.name,
        webhooks.map((webhook) => "name" in webhook && webhook.name),
      ]),
    ).toEqual([
      ["MutatingWebhookConfiguration", "cocoon-webhook", ["pods.webhook.cocoonstack.io"]],
      [
        "ValidatingWebhookConfiguration",
        "cocoon-webhook",
        [
          "workloads.webhook.cocoonstack.io",
          "scale.webhook.cocoonstack.io",
          "cocoonsets.webhook.cocoonstack.io",
        ],
      ],
    ]);
  });

  it("bounds every entry by a condition, and fails closed within five seconds", () => {
    for (const { webhooks } of webhookConfigurations({ target: byService })) {
      for (const webhook of webhooks) {
        expect(webhook).toMatchObject({
          failurePolicy: "Fail",
          matchPolicy: "Equivalent",
          sideEffects: "None",
          timeoutSeconds: 5,
        });
        expect("matchConditions" in webhook && webhook.matchConditions).not.toHaveLength(0);
      }
    }
  });

  it("reaches the webhook by Service", () => {
    const [mutating] = webhookConfigurations({ target: byService });
    expect(mutating?.webhooks[0]).toMatchObject({
      clientConfig: {
        service: { namespace: "cocoon-system", name: "cocoon-webhook", port: 443, path: "/mutate" },
      },
    });
  });

  it("reaches it by URL, and carries the authorities as base64", () => {
    const [mutating] = webhookConfigurations({
      target: { by: "url", url: "https://127.0.0.1:8443" },
      caBundlePem: "PEM",
    });
    expect(mutating?.webhooks[0]).toHaveProperty("clientConfig", {
      url: "https://127.0.0.1:8443/mutate",
      caBundle: "UEVN",
    });
  });

  it("leaves kube-system out, for pods alone", () => {
    const entries = webhookConfigurations({ target: byService }).flatMap(({ webhooks }) => webhooks);
    expect(entries.map((entry) => "namespaceSelector" in entry)).toEqual([true, false, false, false]);
  });
});
