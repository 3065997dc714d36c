import path from "node:path";

/** A Kubernetes release that can be built here: its exact version, and the Go module that pins every source it is built from. */
export interface KubernetesRelease {
  /** As the API server reports it, with the leading `v`. */
  readonly version: string;
  /** The folder that holds `go.mod` and `go.sum`. */
  readonly moduleFolder: string;
}

const release = (version: string): KubernetesRelease => ({
  version,
  moduleFolder: path.join(import.meta.dirname, "modules", version),
});

/** Every minor version that can be built. A new one is a line here and its `go.mod` and `go.sum` under `modules/`. */
export const releases = {
  "1.33": release("v1.33.13"),
  "1.35": release("v1.35.4"),
  "1.36": release("v1.36.3"),
} as const satisfies Record<string, KubernetesRelease>;

/** A minor version that can be built, such as `"1.35"`. */
export type KubernetesMinor = keyof typeof releases;

/** What is used when nobody asks for a version. */
export const defaultMinor: KubernetesMinor = "1.35";
