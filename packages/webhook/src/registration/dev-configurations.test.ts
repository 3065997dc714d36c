import { describe, expect, it } from "vitest";
import { webhookConfigurations } from "./configurations.js";
import {
  devConfigurations,
  probeConfigurations,
  probeNameOf,
  probeWebhookName,
} from "./dev-configurations.js";

const url = "https://127.0.0.1:8443";
const metadata = { name: "mine", labels: { a: "b" } };
const options = { url, caBundlePem: "PEM", metadata, probeNamespace: "mine", namespace: undefined };

type Webhook = Readonly<Record<string, unknown>>;

const webhooksOf = (configurations: ReturnType<typeof devConfigurations>): readonly Webhook[] =>
  configurations.flatMap(({ webhooks }) => webhooks as readonly Webhook[]);

const isProbe = ({ name }: Webhook): boolean => name === probeWebhookName;

describe("devConfigurations", () => {
  const webhooks = webhooksOf(devConfigurations(options));

  it("asks what the real registration asks, under names of its own, and lets everything go on without an answer", () => {
    const real = webhooksOf(webhookConfigurations({ target: { by: "url", url }, caBundlePem: "PEM" }));
    expect(webhooks.filter((webhook) => !isProbe(webhook))).toEqual(
      real.map((webhook) => ({
        ...webhook,
        name: String(webhook["name"]).replace("webhook", "dev.webhook"),
        failurePolicy: "Ignore",
      })),
    );
  });

  it("has the labels by which it is found", () => {
    expect(devConfigurations(options).map((configuration) => configuration.metadata)).toEqual([
      metadata,
      metadata,
    ]);
  });

  it("holds up nothing but its own probe", () => {
    expect(webhooks.filter(({ failurePolicy }) => failurePolicy !== "Ignore").every(isProbe)).toBe(true);
  });

  it("probes each configuration by an object of its own name, and can be asked about objects that have none yet", () => {
    expect(webhooks.filter(isProbe).map(({ matchConditions }) => matchConditions)).toEqual(
      ["mine-mutating", "mine-validating"].map((name) => [
        { name: "is-probe", expression: `has(object.metadata.name) && object.metadata.name == '${name}'` },
      ]),
    );
    expect(devConfigurations(options).map(probeNameOf)).toEqual(["mine-mutating", "mine-validating"]);
  });

  it("bounds its probe to the namespace of the ConfigMap, whatever it is asked about besides", () => {
    for (const namespace of [undefined, "team-a"]) {
      const probes = webhooksOf(devConfigurations({ ...options, namespace })).filter(isProbe);
      expect(probes.map(({ namespaceSelector }) => namespaceSelector)).toEqual(
        Array(2).fill({
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["mine"] }],
        }),
      );
    }
  });

  it("can be bounded to one namespace, where kube-system's pods stay out all the same", () => {
    const one = webhooksOf(devConfigurations({ ...options, namespace: "team-a" }));
    const only = { key: "kubernetes.io/metadata.name", operator: "In", values: ["team-a"] };
    for (const { namespaceSelector } of one.filter((webhook) => !isProbe(webhook))) {
      expect(namespaceSelector).toMatchObject({
        matchExpressions: expect.arrayContaining([only]) as unknown,
      });
    }
    expect(one.find(({ name }) => name === "pods.dev.webhook.cocoonstack.io")).toMatchObject({
      namespaceSelector: { matchExpressions: [{ operator: "NotIn", values: ["kube-system"] }, only] },
    });
  });
});

describe("probeConfigurations", () => {
  it("is one configuration with the probe alone", () => {
    const configurations = probeConfigurations(options);
    expect(configurations.map(({ kind }) => kind)).toEqual(["ValidatingWebhookConfiguration"]);
    expect(webhooksOf(configurations).map(isProbe)).toEqual([true]);
  });
});
