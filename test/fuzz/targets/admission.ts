import { serve } from "@cocoonstack/common/k8s/admission";
import type { Logger } from "@cocoonstack/common/log";
import {
  admit,
  endpointsOf,
  type Facts,
  type Observers,
} from "../../../packages/webhook/src/admission/index.js";
import { bodyMarker } from "../../support/output-secrets.js";
import { hibernation, workload } from "../../support/objects.js";
import { law, type Target } from "../core/target.js";
import { post } from "./exchange.js";
import { isSurelyRefused } from "./plain-policy.js";
import { isObject, type Json, listAt, textAt } from "./plain-json.js";
import { plainUid } from "./review.js";
import { reviews, reviewWords } from "./reviews.js";

/** The workload behind every `/scale` is one of VMs; one hibernation is there already. */
const facts: Facts = {
  podCreators: undefined,
  parents: { read: () => Promise.resolve({ result: "found", workload: workload("Deployment", "demo", 3) }) },
  hibernations: {
    list: () => Promise.resolve({ result: "listed", items: [hibernation("old", "demo-1")] }),
  },
};

/** Keeps the last line, as it would be written. */
class LastLine {
  text = "";
  readonly logger: Logger = {
    ...Object.fromEntries(
      ["trace", "debug", "info", "warn", "error", "fatal"].map((level) => [
        level,
        (...line: readonly unknown[]) => {
          this.text = JSON.stringify(line);
        },
      ]),
    ),
    isLevelEnabled: () => true,
    child: () => this.logger,
  } as unknown as Logger;
}

/** How often it decided is for others to ask. */
const noMetrics = { begin: () => undefined, end: () => undefined } as unknown as Observers["metrics"];

const lastLine = new LastLine();
const handlers = endpointsOf(facts).map((endpoint) => {
  const observers = { metrics: noMetrics, log: lastLine.logger };
  return { path: endpoint.path, handle: serve(admit(endpoint, observers)) };
});

/** Far above what a hundred violations take. */
const longestAnswerBytes = 60_000;
const longestLineBytes = 120_000;
const longestFaultBytes = 500;

/** Every endpoint, from the request of Node's HTTP server to the answer. The first byte of an input chooses the endpoint. */
export const admission: Target = {
  name: "admission",
  laws:
    "every body gets an answer of bounded length; no review gets 400; what a plain policy refuses is not allowed; " +
    "nothing of an object is echoed or logged; no policy throws",
  isJson: false,
  seeds: reviews.flatMap((text) => handlers.map((_, index) => `${index}${text}`)),
  dictionary: reviewWords,
  attempt: async (input) => {
    const handler = handlers[(input[0] ?? 0) % handlers.length];
    if (handler === undefined) return;
    const body = input.subarray(1);
    lastLine.text = "";
    const answer = await post(handler.handle, `${handler.path}?timeout=5s`, body);
    law(!lastLine.text.includes(" threw"), `a policy threw: ${lastLine.text.slice(0, 300)}`);
    const uid = plainUid(body);
    if (answer.status !== 200) {
      law(answer.status === 400 && answer.body.length < longestFaultBytes, `an answer of ${answer.status}`);
      law(!answer.body.includes(bodyMarker), "a refusal quotes the body");
      return;
    }
    law(uid !== undefined, "what is no envelope of a review was answered with 200");
    holdAnswer(handler.path, answer.body, requestIn(body), uid);
  },
};

const requestIn = (body: Buffer): Json => (JSON.parse(body.toString("utf8")) as { request: Json }).request;

function holdAnswer(path: string, text: string, request: Json, uid: string): void {
  const { response } = JSON.parse(text) as { response: { uid: string; allowed: boolean; status?: Json } };
  law(response.uid === uid, "the answer has another uid");
  law(text.length <= longestAnswerBytes, `an answer of ${text.length} bytes`);
  law(lastLine.text.length <= longestLineBytes, `a line of ${lastLine.text.length} bytes in the log`);
  law(path !== "/warn" || response.allowed, "advice refused something");
  law(!response.allowed || !isSurelyRefused(path, request), `${path} allowed what the plain policy refuses`);
  if (isQuoted(request)) return;
  law(!text.includes(bodyMarker), "the answer quotes the object");
  law(!lastLine.text.includes(bodyMarker), "the log quotes the object");
}

/** Whether a secret stands where names stand, which may be quoted. */
function isQuoted({ object, oldObject, ...request }: Json): boolean {
  const names = [object, oldObject].map((value) => [
    textAt(value, "metadata", "name"),
    textAt(value, "metadata", "generateName"),
    textAt(value, "spec", "podRef", "name"),
    (listAt(value, "spec", "toolboxes") ?? []).map((toolbox) => (isObject(toolbox) ? toolbox["name"] : "")),
  ]);
  return JSON.stringify([request, names]).includes(bodyMarker);
}
