import path from "node:path";

/** A Kubernetes release that can be built here: its exact version, and the Go module that pins every source it is built from. */
export interface KubernetesRelease {
  /** As the API server reports it, with the leading `v`. */
  readonly version: string;
  /** The folder that holds `go.mod` and `go.sum`. */
  readonly moduleFolder: string;
}

const moduleFolder = (version: string): string => path.join(import.meta.dirname, "modules", version);

/** Every minor version that can be built. A new one is a line here and its `go.mod` and `go.sum` under `modules/`. */
export const releases = {
  "1.35": { version: "v1.35.4", moduleFolder: moduleFolder("v1.35.4") },
} as const satisfies Record<string, KubernetesRelease>;

/** A minor version that can be built, such as `"1.35"`. */
export type KubernetesMinor = keyof typeof releases;

/** What is used when nobody asks for a version. */
export const defaultMinor: KubernetesMinor = "1.35";
