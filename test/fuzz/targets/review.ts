import { isUtf8 } from "node:buffer";
import { decodeReview } from "@cocoonstack/common/k8s/admission";
import { law, type Target } from "../core/target.js";
import { reviews, reviewWords } from "./reviews.js";

/** `decodeReview`, the first reader of what comes over the network. */
export const review: Target = {
  name: "review",
  laws: "it never throws; what it takes is an envelope by a plain look, with the same uid; why it takes nothing is one of a few sentences",
  isJson: true,
  seeds: reviews,
  dictionary: reviewWords,
  attempt: (input) => {
    const decoded = decodeReview(input);
    if (decoded.ok) law(decoded.request.uid === plainUid(input), "it was taken, but is no envelope");
    else law(sentences.test(decoded.message), `another sentence: ${decoded.message.slice(0, 200)}`);
  },
};

const sentences =
  /^(?:the body is (?:not valid UTF-8|not valid JSON|not a JSON object)|(?:apiVersion|kind|request(?:\.[a-zA-Z]+)?) must (?:be|not be) [a-zA-Z0-9./ ]+|request: [a-zA-Z]+ must be [a-z ]+|request\.operation must be CREATE, UPDATE, DELETE or CONNECT)$/;

/** The uid of what is a review's envelope by a look of its own; undefined for anything else. */
export function plainUid(body: Buffer): string | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    const text = JSON.parse(body.toString("utf8")) as Envelope | null;
    const isReview = text?.apiVersion === "admission.k8s.io/v1" && text.kind === "AdmissionReview";
    const uid = text?.request?.uid;
    return isReview && typeof uid === "string" && uid !== "" ? uid : undefined;
  } catch {
    return undefined;
  }
}

interface Envelope {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly request?: { readonly uid?: unknown } | null;
}
