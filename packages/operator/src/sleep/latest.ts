import { defaultSnapshotTag } from "@cocoonstack/common/meta";
import { type TagFacts, tagKey } from "../model/index.js";
import { shortDigest } from "./records.js";
import type { Step } from "./step.js";

/**
 * Notes what `latest` is while the VM is with its pod, so that what its node saves as the pod goes can be told from what was there before.
 * A registry that does not say so is no reason to wait: then it stays unknown.
 */
export function noteLatest(
  { vmName, tags }: { readonly vmName: string; readonly tags: TagFacts },
  next: (known: { readonly latest?: string }) => Step,
): Step {
  const ref = { vmName, tag: defaultSnapshotTag } as const;
  const fact = tags.get(tagKey(ref));
  switch (fact?.state) {
    case undefined:
      return { asks: [ref] };
    case "unknown":
      return next({});
    case "absent":
      return next({ latest: "" });
    case "present":
      return next({ latest: shortDigest(fact.digest) });
  }
}
