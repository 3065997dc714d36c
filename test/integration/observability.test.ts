import { describe, expect, it } from "vitest";
import { admissionRequest, reviewOf, scaleRequest } from "../support/admission-request.js";
import { clusteredWebhook } from "../support/clustered-webhook.js";
import { type LogLine, WebhookProcess } from "../support/webhook-process.js";

const cocoon = [{ key: "virtual-kubelet.io/provider" }];
const pod = (tolerations: unknown): string =>
  reviewOf(admissionRequest("Pod", { object: { metadata: { name: "web-1" }, spec: { tolerations } } }));
const workload = (replicas: number): object => ({
  spec: { replicas, template: { spec: { tolerations: cocoon } } },
});

describe("metrics and log", () => {
  it("count every answer once, and tell of every refusal in one line", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    await webhook.review("/mutate", pod([]));
    await webhook.review("/mutate", pod([]));
    await webhook.review("/mutate", pod(cocoon));
    await webhook.review("/mutate", pod("bad"));
    const scaleDown = { operation: "UPDATE", object: workload(1), oldObject: workload(3) } as const;
    await webhook.review("/validate", reviewOf(admissionRequest("Deployment", scaleDown)));
    await webhook.review("/validate", reviewOf(scaleRequest("deployments", 3, 1)));
    await webhook.review(
      "/validate-cocoonset",
      reviewOf(admissionRequest("CocoonSet", { object: { spec: {} } })),
    );
    await webhook.call("/mutate", { method: "GET", headers: {} });
    await webhook.call("/mutate", { body: "{" });
    await webhook.call("/mutate", { body: "{" });

    const metrics = await webhook.metrics();
    const starting = (prefix: string): object =>
      Object.fromEntries([...metrics].filter(([name]) => name.startsWith(prefix)));
    expect(starting("cocoon_webhook_admission_total")).toEqual({
      'cocoon_webhook_admission_total{handler="mutate",result="allow",reason="not-cocoon"}': 2,
      'cocoon_webhook_admission_total{handler="mutate",result="deny",reason="stray-pod"}': 1,
      'cocoon_webhook_admission_total{handler="mutate",result="skipped",reason="unreadable"}': 1,
      'cocoon_webhook_admission_total{handler="validate",result="deny",reason="scale-down"}': 1,
      'cocoon_webhook_admission_total{handler="validate",result="error",reason="no-cluster"}': 1,
      'cocoon_webhook_admission_total{handler="validate_cocoonset",result="deny",reason="invalid-spec"}': 1,
    });
    expect(starting("cocoon_webhook_admission_duration_seconds_count")).toEqual({
      'cocoon_webhook_admission_duration_seconds_count{handler="mutate"}': 4,
      'cocoon_webhook_admission_duration_seconds_count{handler="validate"}': 2,
      'cocoon_webhook_admission_duration_seconds_count{handler="validate_cocoonset"}': 1,
    });
    expect(starting("cocoon_webhook_refused_requests_total")).toEqual({
      'cocoon_webhook_refused_requests_total{cause="method"}': 1,
      'cocoon_webhook_refused_requests_total{cause="malformed"}': 2,
      // From zero, so that the rate shows the first one as well.
      'cocoon_webhook_refused_requests_total{cause="content-type"}': 0,
      'cocoon_webhook_refused_requests_total{cause="content-encoding"}': 0,
      'cocoon_webhook_refused_requests_total{cause="too-large"}': 0,
      'cocoon_webhook_refused_requests_total{cause="too-slow"}': 0,
      'cocoon_webhook_refused_requests_total{cause="aborted"}': 0,
      'cocoon_webhook_refused_requests_total{cause="overload"}': 0,
      'cocoon_webhook_refused_requests_total{cause="client"}': 0,
    });
    expect(metrics.get("cocoon_webhook_admission_in_flight")).toBe(0);
    const expiry = metrics.get("cocoon_webhook_certificate_expiry_timestamp_seconds") ?? 0;
    expect(expiry - Date.now() / 1000).toBeGreaterThan(9 * 365 * 24 * 3600);
    expect([...metrics.keys()].find((name) => name.startsWith("cocoon_webhook_build_info"))).toMatch(
      /version="\d/,
    );
    expect(metrics.get("process_resident_memory_bytes")).toBeGreaterThan(1e6);

    await webhook.logged((line) => line["handler"] === "validate_cocoonset");
    const decided = webhook.log.filter((line) => "handler" in line);
    const brief = (line: LogLine): unknown[] =>
      ["level", "handler", "reason", "kind", "namespace"].map((key) => line[key]);
    expect(decided.map(brief)).toEqual([
      ["info", "mutate", "stray-pod", "Pod", "prod"],
      ["info", "validate", "scale-down", "Deployment", "prod"],
      ["warn", "validate", "no-cluster", "Scale", "prod"],
      ["info", "validate_cocoonset", "invalid-spec", "CocoonSet", "prod"],
    ]);
    expect(decided[0]).toMatchObject({ user: "alice", name: "demo", uid: expect.any(String) as string });
  });

  it("count every handler, and the reads of the workload behind a Scale, by their exact number", async () => {
    await using cluster = await clusteredWebhook();
    const { webhook, apiServer } = cluster;
    const inShop = { namespace: "shop", name: "web" };
    const scaleDown = (name: string): string =>
      reviewOf(scaleRequest("deployments", 3, 1, { namespace: "shop", name }));
    const hibernation = (podName: string): string =>
      reviewOf(
        admissionRequest("CocoonHibernation", {
          ...inShop,
          object: { metadata: { name: "web" }, spec: { podRef: { name: podName } } },
        }),
      );
    await webhook.review("/validate-pod", pod(cocoon));
    const running = { spec: { tolerations: cocoon } };
    await webhook.review(
      "/validate-pod",
      reviewOf(admissionRequest("Pod", { operation: "UPDATE", object: running, oldObject: running })),
    );
    await webhook.review("/validate", scaleDown("web"));
    await webhook.review("/validate", scaleDown("web"));
    await webhook.review("/validate", scaleDown("gone"));
    await webhook.review("/validate-cocoonhibernation", hibernation("another"));
    await webhook.review("/validate-cocoonhibernation", hibernation("web"));
    await webhook.review("/warn", reviewOf(admissionRequest("Deployment", { object: workload(1) })));
    await webhook.review("/warn", reviewOf(admissionRequest("Deployment", { object: { spec: {} } })));
    await webhook.review("/warn", reviewOf(admissionRequest("Service", { object: {} })));
    await apiServer[Symbol.asyncDispose]();
    await webhook.review("/validate", scaleDown("web"));

    const metrics = await webhook.metrics();
    const starting = (prefix: string): object =>
      Object.fromEntries([...metrics].filter(([name]) => name.startsWith(prefix)));
    expect(starting("cocoon_webhook_admission_total")).toEqual({
      'cocoon_webhook_admission_total{handler="validate_pod",result="deny",reason="stray-pod"}': 1,
      'cocoon_webhook_admission_total{handler="validate_pod",result="allow",reason="cocoon-already"}': 1,
      'cocoon_webhook_admission_total{handler="validate",result="allow",reason="not-cocoon"}': 2,
      'cocoon_webhook_admission_total{handler="validate",result="allow",reason="parent-gone"}': 1,
      'cocoon_webhook_admission_total{handler="validate",result="error",reason="parent-unavailable"}': 1,
      'cocoon_webhook_admission_total{handler="validate_cocoonhibernation",result="deny",reason="name-differs"}': 1,
      'cocoon_webhook_admission_total{handler="validate_cocoonhibernation",result="error",reason="hibernations-unavailable"}': 1,
      'cocoon_webhook_admission_total{handler="warn",result="allow",reason="warned"}': 1,
      'cocoon_webhook_admission_total{handler="warn",result="allow",reason="nothing-lost"}': 1,
      'cocoon_webhook_admission_total{handler="warn",result="skipped",reason="other-kind"}': 1,
    });
    expect(starting("cocoon_webhook_parent_fetch_duration_seconds_count")).toEqual({
      'cocoon_webhook_parent_fetch_duration_seconds_count{result="found"}': 2,
      'cocoon_webhook_parent_fetch_duration_seconds_count{result="not-found"}': 1,
      'cocoon_webhook_parent_fetch_duration_seconds_count{result="unavailable"}': 1,
    });
    expect(starting("cocoon_webhook_admission_duration_seconds_count")).toEqual({
      'cocoon_webhook_admission_duration_seconds_count{handler="validate_pod"}': 2,
      'cocoon_webhook_admission_duration_seconds_count{handler="validate"}': 4,
      'cocoon_webhook_admission_duration_seconds_count{handler="validate_cocoonhibernation"}': 2,
      'cocoon_webhook_admission_duration_seconds_count{handler="warn"}': 3,
    });
  });

  it("tells of admissions too at debug, and never of what an object holds", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"], { WEBHOOK_LOG_LEVEL: "debug" });
    const secret = "hunter2-in-an-env-var";
    for (const tolerations of [[], cocoon]) {
      const object = {
        metadata: { name: "p" },
        spec: { tolerations, containers: [{ env: [{ value: secret }] }] },
      };
      await webhook.review("/mutate", reviewOf(admissionRequest("Pod", { object })));
    }
    await webhook.logged((line) => line["reason"] === "not-cocoon" && line["level"] === "debug");
    await webhook.logged((line) => line["reason"] === "stray-pod");
    expect(JSON.stringify(webhook.log)).not.toContain(secret);
  });

  it("serves metrics on their own port alone, and no admission there", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    expect(await webhook.call("/metrics", { method: "GET", headers: {} })).toMatchObject({ status: 404 });
    const answer = await fetch(`http://127.0.0.1:${webhook.metricsPort}/mutate`, {
      method: "POST",
      body: "{}",
    });
    expect(answer.status).toBe(404);
  });
});
