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
          "final-pods.webhook.cocoonstack.io",
          "workloads.webhook.cocoonstack.io",
          "scale.webhook.cocoonstack.io",
          "cocoonsets.webhook.cocoonstack.io",
          "cocoonhibernations.webhook.cocoonstack.io",
          "workload-warnings.webhook.cocoonstack.io",
          "cronjob-warnings.webhook.cocoonstack.io",
          "cocoonset-warnings.webhook.cocoonstack.io",
        ],
      ],
    ]);
  });

  const entries = webhookConfigurations({ target: byService }).flatMap(
    ({ webhooks }) => webhooks as readonly Readonly<Record<string, unknown>>[],
  );

  it("answers within five seconds and has no side effects", () => {
    for (const entry of entries) {
      expect(entry).toMatchObject({ matchPolicy: "Equivalent", sideEffects: "None", timeoutSeconds: 5 });
    }
  });

  it("fails closed, but for warnings, which can never hold anything up", () => {
    for (const { name, failurePolicy } of entries) {
      expect([name, failurePolicy]).toEqual([name, String(name).includes("-warnings.") ? "Ignore" : "Fail"]);
    }
  });

  it("lets scale-downs go during an outage where it is told to, and nothing else", () => {
    const configurations = webhookConfigurations({ target: byService, scaleFailurePolicy: "Ignore" });
    const ignored = configurations
      .flatMap(({ webhooks }) => webhooks as readonly Readonly<Record<string, unknown>>[])
      .filter(({ failurePolicy }) => failurePolicy === "Ignore")
      .map(({ name }) => String(name));
    expect(ignored.filter((name) => !name.includes("-warnings."))).toEqual(["scale.webhook.cocoonstack.io"]);
  });

  it("bounds every entry by a condition, but for hibernations, which are few and all at stake", () => {
    expect(entries.filter((entry) => !("matchConditions" in entry)).map(({ name }) => name)).toEqual([
      "cocoonhibernations.webhook.cocoonstack.io",
    ]);
  });

  it("is about main resources and /scale alone, each at its own group", () => {
    const rulesOf = (name: string): unknown => entries.find((entry) => entry["name"] === name)?.["rules"];
    const common = { apiVersions: ["v1"], operations: ["UPDATE"], scope: "Namespaced" };
    expect(rulesOf("workloads.webhook.cocoonstack.io")).toEqual([
      { ...common, apiGroups: ["apps"], resources: ["deployments", "statefulsets", "replicasets"] },
      { ...common, apiGroups: [""], resources: ["replicationcontrollers"] },
    ]);
    expect(rulesOf("scale.webhook.cocoonstack.io")).toEqual([
      {
        ...common,
        apiGroups: ["apps"],
        resources: ["deployments/scale", "statefulsets/scale", "replicasets/scale"],
      },
      { ...common, apiGroups: [""], resources: ["replicationcontrollers/scale"] },
    ]);
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
    expect(entries.filter((entry) => "namespaceSelector" in entry).map(({ name }) => name)).toEqual([
      "pods.webhook.cocoonstack.io",
      "final-pods.webhook.cocoonstack.io",
    ]);
  });
});
