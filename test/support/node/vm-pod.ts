import {
  applyVMSpec,
  nodePoolKey,
  stampCocoonSetGeneration,
  vmNameForPod,
  type VMSpec,
} from "@cocoonstack/common/meta";
import { cocoonToleration } from "../objects.js";

/** What differs from a managed VM that boots an image. */
export interface VMPodOptions {
  readonly pool: string;
  readonly vm?: Partial<VMSpec>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
}

/** A pod as the operator makes it, in a namespace. */
export function vmPod(
  ns: string,
  name: string,
  { pool, vm, labels, annotations, spec }: VMPodOptions,
): object {
  const described = applyVMSpec(
    {},
    { vmName: vmNameForPod(ns, name), image: "ubuntu:24.04", mode: "run", managed: true, ...vm },
  );
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      ...(labels && { labels }),
      annotations: {
        ...stampCocoonSetGeneration({ metadata: { annotations: described } }, 1),
        ...annotations,
      },
    },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeSelector: { [nodePoolKey]: pool },
      tolerations: [cocoonToleration],
      containers: [{ name: "agent", image: "ghcr.io/cocoonstack/placeholder:latest" }],
      ...spec,
    },
  };
}
