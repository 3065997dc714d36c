/** What runs, for the log and the metrics. */
export interface BuildInfo {
  readonly version: string;
  readonly commit: string;
}

/** Set by bundle.js. */
declare const __BUILD_INFO__: (BuildInfo & { readonly contract: string }) | undefined;

const { contract, ...build } =
  typeof __BUILD_INFO__ === "undefined"
    ? { version: "0.0.0-source", commit: "unknown", contract: "0.0.0-source" }
    : __BUILD_INFO__;

/** The version and commit of this executable; placeholders where the sources run unbundled, in tests. */
export const buildInfo: BuildInfo = build;

/** The version of `@cocoonstack/common` in this executable. */
export const contractVersion = contract;
