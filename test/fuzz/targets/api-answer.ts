import type { Buffer } from "node:buffer";
import { RequestError } from "@cocoonstack/common/k8s";
import { ClusterHibernationReader, ClusterParentReader } from "../../../packages/webhook/src/facts/index.js";
import { judgeHibernation, judgeScale } from "../../../packages/webhook/src/policy/index.js";
import { admissionRequest, scaleRequest } from "../../support/admission-request.js";
import { hibernation, workload } from "../../support/objects.js";
import { law, type Target } from "../core/target.js";
import { isObject, listAt, objectAt, textAt } from "./plain-json.js";

const statuses = [200, 200, 200, 404, 403, 410, 429, 500, 503, 204];

const list = (...items: readonly object[]): string => JSON.stringify({ items, metadata: {} });

/** What the webhook makes of an API server's answers. The first byte of an input chooses the status. */
export const apiAnswer: Target = {
  name: "api-answer",
  laws: "only a workload that surely makes no VMs, or its surely being gone, lets a scale-down pass; only a list without a second one a hibernation",
  seeds: [
    `0${JSON.stringify(workload("Deployment", "demo", 3, []))}`,
    `0${JSON.stringify(workload("Deployment", "demo", 3))}`,
    '3{"kind":"Status","reason":"NotFound","code":404}',
    `0${list(hibernation("other"))}`,
    `0${list(hibernation("other", "demo"))}`,
    "7<html>",
    "",
  ],
  dictionary: [
    ...['"items":', '"metadata":', '"continue":"x"', '"spec":', '"template":', '"tolerations":', '"podRef":'],
    ...[
      '"virtual-kubelet.io/provider"',
      '"NotFound"',
      '"reason":',
      "{",
      "}",
      "[",
      "]",
      ",",
      "null",
      '"demo"',
    ],
  ],
  attempt: async (input) => {
    const status = statuses[(input[0] ?? 0) % statuses.length] ?? 200;
    const body = jsonIn(input.subarray(1));
    if (body === undefined && status < 400) return;
    // A list that goes on for ever ends with the time that there is.
    let pages = 0;
    const connection = {
      getJson: () =>
        pages++ < 3
          ? Promise.resolve({ status, body: body ?? input.subarray(1).toString("utf8") })
          : Promise.reject(new RequestError("timeout", "no answer")),
    };
    await holdScale(connection, status, body);
    pages = 0;
    await holdHibernation(connection, status, body);
  },
};

type Connection = ConstructorParameters<typeof ClusterParentReader>[0];

async function holdScale(connection: Connection, status: number, body: unknown): Promise<void> {
  const verdict = judgeScale(scaleRequest("deployments", 3, 1));
  if (verdict.needs === "nothing") throw new Error("a scale-down needs its parent");
  const reader = new ClusterParentReader(connection, () => undefined);
  const decision = verdict.decide(await reader.read(verdict.parent, performance.now() + 5_000));
  if (decision.outcome !== "allow") return;
  const isGone = status === 404 && textAt(body, "reason") === "NotFound";
  law(
    isGone || (status === 200 && makesNoVms(body)),
    "a scale-down was allowed on the strength of this answer",
  );
}

function makesNoVms(body: unknown): boolean {
  // A CronJob keeps its template one level deeper.
  const spec = objectAt(body, "spec", "jobTemplate", "spec") ?? objectAt(body, "spec");
  const podSpec = objectAt(spec, "template", "spec");
  if (podSpec === undefined) return false;
  const tolerations = podSpec["tolerations"] ?? [];
  const items = Array.isArray(tolerations) ? (tolerations as readonly unknown[]) : [null];
  return items.every((item) => isObject(item) && item["key"] !== "virtual-kubelet.io/provider");
}

async function holdHibernation(connection: Connection, status: number, body: unknown): Promise<void> {
  const verdict = judgeHibernation(admissionRequest("CocoonHibernation", { object: hibernation("demo") }));
  if (verdict.needs === "nothing") throw new Error("a hibernation needs the others");
  const reader = new ClusterHibernationReader(connection, () => undefined);
  const decision = verdict.decide(await reader.list(verdict.namespace, performance.now() + 5_000));
  if (decision.outcome !== "allow") return;
  const items = listAt(body, "items");
  const speaksForIt = (item: unknown): boolean =>
    textAt(item, "spec", "podRef", "name") === "demo" && textAt(item, "metadata", "name") !== "demo";
  law(
    status === 200 && items?.some(speaksForIt) === false,
    "a hibernation was allowed on the strength of this answer",
  );
}

function jsonIn(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}
