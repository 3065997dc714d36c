import { isPodReady } from "@cocoonstack/common/meta";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { ControlPlane } from "../../controlplane/index.js";
import { apiPath } from "../api-path.js";
import { eventually } from "../eventually.js";
import type { LivePod } from "../node/pods-in.js";
import { follow } from "./follow.js";

/**
 * What becomes of the pods of a namespace, in the order in which the API server has it: `demo-0 is made`, `demo-0 is ready`,
 * `demo-0 leaves`, `demo-0 is gone`.
 */
export interface PodStory extends AsyncDisposable {
  /** The story so far, once it has so many lines. */
  readonly lines: (count: number) => Promise<readonly string[]>;
}

type Pod = KubeObject & LivePod;

const isLeaving = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** Begins a story with what happens next. */
export async function followPods(plane: ControlPlane, ns: string): Promise<PodStory> {
  const told: string[] = [];
  const tell = ({ metadata: { name } }: KubeObject, what: string): void => void told.push(`${name} ${what}`);
  const changed = (pod: Pod, old: Pod): void => {
    if (isPodReady(pod) && !isPodReady(old)) tell(pod, "is ready");
    if (isLeaving(pod) && !isLeaving(old)) tell(pod, "leaves");
  };
  const following = await follow(plane, apiPath("Pod", ns), {
    add: (pod) => {
      tell(pod, "is made");
    },
    update: (pod, old) => {
      changed(pod as Pod, old as Pod);
    },
    delete: (pod) => {
      tell(pod, "is gone");
    },
  });
  return {
    lines: (count) =>
      eventually(
        () => Promise.resolve([...told]),
        (lines) => lines.length >= count,
      ),
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose](),
  };
}
