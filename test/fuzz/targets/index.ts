import type { Target } from "../core/target.js";
import { admission } from "./admission.js";
import { apiAnswer } from "./api-answer.js";
import { cookie } from "./cookie.js";
import { duration } from "./duration.js";
import { kubeconfig } from "./kubeconfig.js";
import { manifests } from "./manifests.js";
import { quantity } from "./quantity.js";
import { review } from "./review.js";
import { vmName } from "./vm-name.js";

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [
  review,
  admission,
  apiAnswer,
  quantity,
  duration,
  cookie,
  vmName,
  kubeconfig,
  manifests,
];
