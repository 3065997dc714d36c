import type { WebhookProcess } from "./webhook-process.js";

/** How many reviews a webhook has decided so far: all of them, or those of one handler, result or reason. */
export async function admissions(
  webhook: WebhookProcess,
  labels: Readonly<Partial<Record<"handler" | "result" | "reason", string>>> = {},
): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let total = 0;
  for (const [sample, value] of await webhook.metrics()) {
    const fits = sample.startsWith("cocoon_webhook_admission_total{");
    if (fits && wanted.every((label) => sample.includes(label))) total += value;
  }
  return total;
}
