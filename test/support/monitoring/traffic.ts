import { setTimeout as delay } from "node:timers/promises";
import { admissionRequest, reviewOf, scaleRequest } from "../admission-request.js";
import type { WebhookProcess } from "../webhook-process.js";

const tolerations = [{ key: "virtual-kubelet.io/provider" }];
const workload = (replicas: number): object => ({ spec: { replicas, template: { spec: { tolerations } } } });
const pod = (spec: object): string => reviewOf(admissionRequest("Pod", { object: { metadata: {}, spec } }));
const inShop = { namespace: "shop" } as const;

/** Reviews of every handler and result, each with how often it comes for each of the rarest. */
const reviews: readonly (readonly [times: number, path: string, body: string])[] = [
  [6, "/mutate", pod({})],
  [3, "/mutate", pod({ tolerations })],
  [4, "/validate-pod", pod({})],
  [2, "/warn", reviewOf(admissionRequest("Deployment", { object: workload(1) }))],
  [1, "/validate-cocoonset", reviewOf(admissionRequest("CocoonSet", { object: { spec: {} } }))],
  [3, "/validate", reviewOf(scaleRequest("deployments", 3, 1, { ...inShop, name: "web" }))],
  [1, "/validate", reviewOf(scaleRequest("deployments", 3, 1, { ...inShop, name: "gone" }))],
  [
    2,
    "/validate",
    reviewOf(
      admissionRequest("Deployment", { operation: "UPDATE", object: workload(1), oldObject: workload(3) }),
    ),
  ],
  [
    1,
    "/validate-cocoonhibernation",
    reviewOf(
      admissionRequest("CocoonHibernation", { ...inShop, object: { spec: { podRef: { name: "demo" } } } }),
    ),
  ],
  [1, "/mutate", "{"],
];

const queue = reviews.flatMap(([times, path, body]) => Array.from({ length: times }, () => ({ path, body })));

/** Sends reviews of all kinds for a while, more and fewer in turn, so that curves have a shape. */
export async function sendTraffic(webhook: WebhookProcess, durationMs: number): Promise<void> {
  const startMs = performance.now();
  for (let sent = 0; ; sent++) {
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs > durationMs) return;
    const { path = "", body = "" } = queue[(sent * 7) % queue.length] ?? {};
    await webhook.call(path, { body });
    await delay(8 + 8 * Math.sin(elapsedMs / 5_000));
  }
}
