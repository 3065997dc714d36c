import { Buffer } from "node:buffer";
import { bench, describe } from "vitest";
import { decodeReview } from "../packages/common/src/k8s/admission/index.js";
import {
  decideCocoonSet,
  decidePodCreate,
  decideWorkloadUpdate,
  type Decision,
} from "../packages/webhook/src/policy/index.js";
import { cocoonPod, cocoonSet, deploymentUpdate, ordinaryPod } from "./core/reviews.js";

type Request = Extract<ReturnType<typeof decodeReview>, { readonly ok: true }>["request"];

const pods = { podCreators: undefined };
const cases: readonly (readonly [name: string, body: string, decide: (request: Request) => Decision])[] = [
  ["ordinary pod, 60 kB", ordinaryPod(60_000), (request) => decidePodCreate(request, pods)],
  ["cocoon pod", cocoonPod(), (request) => decidePodCreate(request, pods)],
  ["Deployment update, 7 kB", deploymentUpdate(7000), decideWorkloadUpdate],
  ["CocoonSet, 50 toolboxes", cocoonSet(50), decideCocoonSet],
];

describe.each(cases)("%s", (_, body, decide) => {
  const bytes = Buffer.from(body);
  const decoded = decodeReview(bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  bench("JSON.parse alone", () => {
    JSON.parse(bytes.toString("utf8"));
  });
  bench("decode the review", () => {
    decodeReview(bytes);
  });
  bench("decide", () => {
    decide(decoded.request);
  });
});
